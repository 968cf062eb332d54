import { casesOf } from './cases.ts'

/**
 * Cases after symfony/symfony src/Symfony/Component/Dotenv/Tests/DotenvTest.php. Variables are not
 * expanded.
 */
export const symfony = casesOf([
  ['a value', 'FOO=bar', ['FOO', 'bar', 1]],
  ['a key in lower case', 'foo=bar', ['foo', 'bar', 1]],
  ['digits in the key', 'FOO1=bar', ['FOO1', 'bar', 1]],
  ['a comment', 'FOO=bar # words', ['FOO', 'bar', 1]],
  ['a hash without a blank', 'FOO=foo#bar', ['FOO', 'foo#bar', 1]],
  ['a value that begins with a hash', 'FOO=#bar', ['FOO', '#bar', 1]],
  ['single quotes', "FOO='bar'", ['FOO', 'bar', 1]],
  ['double quotes', 'FOO="bar"', ['FOO', 'bar', 1]],
  ['an escaped quote', 'FOO="bar\\"foo"', ['FOO', 'bar"foo', 1]],
  ['a line feed', 'FOO="bar\\nfoo"', ['FOO', 'bar\nfoo', 1]],
  ['a carriage return', 'FOO="bar\\rfoo"', ['FOO', 'bar\rfoo', 1]],
  ['no line feed in single quotes', "FOO='bar\\nfoo'", ['FOO', 'bar\\nfoo', 1]],
  ['a hash in quotes', 'FOO="bar # foo"', ['FOO', 'bar # foo', 1]],
  ['blanks in quotes', "FOO=' bar '", ['FOO', ' bar ', 1]],
  ['a dollar that is escaped', 'FOO="bar\\$foo"', ['FOO', 'bar$foo', 1]],
  ['parts that are joined', `FOO="bar"'baz'`, ['FOO', 'barbaz', 1]],
  ['a part without quotes behind one with', 'FOO="bar"baz', ['FOO', 'barbaz', 1]],
  ['a part with quotes behind one without', `FOO=foo'bar'"baz"`, ['FOO', 'foobarbaz', 1]],
  ['lines in double quotes', 'FOO="bar\nfoo"\nBAR=1', ['FOO', 'bar\nfoo', 1], ['BAR', '1', 3]],
  ['lines in single quotes', "FOO='bar\nfoo'", ['FOO', 'bar\nfoo', 1]],
  ['export', 'export FOO=bar', ['FOO', 'bar', 1]],
  ['export with blanks', '  export   FOO=bar', ['FOO', 'bar', 1]],
  ['a comment before', '# words\nFOO=bar', ['FOO', 'bar', 2]],
  ['an empty value', 'FOO=\nBAR=1', ['FOO', '', 1], ['BAR', '1', 2]],
  [
    'an address',
    'DATABASE_URL=sqlite:///%kernel.project_dir%/var/data.db',
    ['DATABASE_URL', 'sqlite:///%kernel.project_dir%/var/data.db', 1],
  ],
  ['a blank that is escaped', 'FOO=bar\\ foo', ['FOO', 'bar foo', 1]],
])

/**
 * Cases after bkeepers/dotenv spec/dotenv/parser_spec.rb. Variables and commands are not expanded.
 */
export const ruby = casesOf([
  ['a value', 'FOO=bar', ['FOO', 'bar', 1]],
  ['blanks round the sign', 'FOO =bar', ['FOO', 'bar', 1]],
  ['blanks behind the sign', 'FOO= bar', ['FOO', 'bar', 1]],
  ['an empty value', 'FOO=', ['FOO', '', 1]],
  ['double quotes', 'FOO="bar"', ['FOO', 'bar', 1]],
  ['single quotes', "FOO='bar'", ['FOO', 'bar', 1]],
  ['an escaped quote', 'FOO="escaped\\"bar"', ['FOO', 'escaped"bar', 1]],
  ['nothing in quotes', 'FOO=""', ['FOO', '', 1]],
  ['export', 'export OPTION_A=2', ['OPTION_A', '2', 1]],
  ['a key with dots', 'FOO.BAR=foobar', ['FOO.BAR', 'foobar', 1]],
  ['a key with dashes', 'FOO-BAR=foobar', ['FOO-BAR', 'foobar', 1]],
  ['a colon', 'OPTION_A: 1', ['OPTION_A', '1', 1]],
  ['line feeds in double quotes', 'FOO="bar\\nbaz"', ['FOO', 'bar\nbaz', 1]],
  ['no line feeds in single quotes', "FOO='bar\\nbaz'", ['FOO', 'bar\\nbaz', 1]],
  ['a comment', 'foo=bar # this is foo', ['foo', 'bar', 1]],
  ['a hash in quotes', 'foo="bar#baz" # comment', ['foo', 'bar#baz', 1]],
  ['empty lines', '\n \t  \nfoo=bar\n \nfizz=buzz', ['foo', 'bar', 3], ['fizz', 'buzz', 5]],
  ['comment lines', '\n\n\n # HERE GOES FOO \nfoo=bar', ['foo', 'bar', 5]],
  ['a byte order mark', '\u00ef\u00bb\u00bffoo=bar', ['foo', 'bar', 1]],
  ['lone carriage returns', 'foo=bar\rbaz=fbb', ['foo', 'bar', 1], ['baz', 'fbb', 1]],
  ['CRLF', 'foo=bar\r\nbaz=fbb', ['foo', 'bar', 1], ['baz', 'fbb', 2]],
  [
    'lines in quotes',
    'OPTION_A="first line\nsecond line"',
    ['OPTION_A', 'first line\nsecond line', 1],
  ],
  ['a command', 'echo=$(echo hello)', ['echo', '$(echo hello)', 1]],
  ['a key in a URL', 'FOO=http://a/b?c=d#e', ['FOO', 'http://a/b?c=d#e', 1]],
])

/**
 * Cases after theskumar/python-dotenv tests/test_parser.py; a test runs it where it is installed.
 */
export const python = casesOf([
  ['a value', 'a=b', ['a', 'b', 1]],
  ['single quotes', "a='b'", ['a', 'b', 1]],
  ['double quotes', 'a="b"', ['a', 'b', 1]],
  ['export', 'export a=b', ['a', 'b', 1]],
  ['export and a tab', ' export a=b', ['a', 'b', 1]],
  ['a hash without a blank', 'a=b#c', ['a', 'b#c', 1]],
  ['a comment', 'a=b #c', ['a', 'b', 1]],
  ['a comment behind a tab', 'a=b\t#c', ['a', 'b', 1]],
  ['two words', 'a=b c', ['a', 'b c', 1]],
  ['words and blanks', 'a=b c # d', ['a', 'b c', 1]],
  ['a non-breaking space is part of it', 'a=b\u00a0 c', ['a', 'b\u00a0 c', 1]],
  ['lines in double quotes', 'a="b\nc"', ['a', 'b\nc', 1]],
  ['lines in single quotes', "a='b\nc'", ['a', 'b\nc', 1]],
  ['a line feed in double quotes', 'a="b\\nc"', ['a', 'b\nc', 1]],
  ['no line feed in single quotes', "a='b\\nc'", ['a', 'b\\nc', 1]],
  ['an escaped quote in double quotes', 'a="b\\"c"', ['a', 'b"c', 1]],
  ['an escaped quote in single quotes', "a='b\\'c'", ['a', "b'c", 1]],
  ['a comment line', '# a=b\nc=d', ['c', 'd', 2]],
  ['blanks round the sign', 'a = b', ['a', 'b', 1]],
  ['an empty value and another', 'a=\nb=c', ['a', '', 1], ['b', 'c', 2]],
  ['CRLF', 'a=b\r\nc=d\r\n', ['a', 'b', 1], ['c', 'd', 2]],
  ['a hash in single quotes', "a='b # c' # d", ['a', 'b # c', 1]],
  ['a value that begins with a hash', 'a=#b', ['a', '#b', 1]],
  ['letters beyond ASCII', 'a=\u00c3\u00a4', ['a', '\u00c3\u00a4', 1]],
])
