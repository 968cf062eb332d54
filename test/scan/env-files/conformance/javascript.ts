/**
 * Cases of motdotla/dotenv and of Node's own `--env-file`. Both are installed, so a test runs them
 * too.
 */
import { casesOf } from './cases.ts'

/**
 * Cases after the examples of github.com/motdotla/dotenv, its README and tests/.env and
 * tests/.env.multiline.
 */
export const dotenv = casesOf([
  ['a basic entry', 'BASIC=basic', ['BASIC', 'basic', 1]],
  [
    'an entry after an empty line',
    'BASIC=basic\n\n# previous line intentionally left blank\nAFTER_LINE=after_line',
    ['BASIC', 'basic', 1],
    ['AFTER_LINE', 'after_line', 4],
  ],
  ['nothing', 'EMPTY=', ['EMPTY', '', 1]],
  ['nothing in single quotes', "EMPTY_SINGLE_QUOTES=''", ['EMPTY_SINGLE_QUOTES', '', 1]],
  ['nothing in double quotes', 'EMPTY_DOUBLE_QUOTES=""', ['EMPTY_DOUBLE_QUOTES', '', 1]],
  ['nothing in backticks', 'EMPTY_BACKTICKS=``', ['EMPTY_BACKTICKS', '', 1]],
  ['single quotes', "SINGLE_QUOTES='single_quotes'", ['SINGLE_QUOTES', 'single_quotes', 1]],
  [
    'blanks in single quotes',
    "SINGLE_QUOTES_SPACED='    single quotes    '",
    ['SINGLE_QUOTES_SPACED', '    single quotes    ', 1],
  ],
  ['double quotes', 'DOUBLE_QUOTES="double_quotes"', ['DOUBLE_QUOTES', 'double_quotes', 1]],
  [
    'blanks in double quotes',
    'DOUBLE_QUOTES_SPACED="    double quotes    "',
    ['DOUBLE_QUOTES_SPACED', '    double quotes    ', 1],
  ],
  [
    'double quotes in single ones',
    `DOUBLE_QUOTES_INSIDE_SINGLE='double "quotes" work inside single quotes'`,
    ['DOUBLE_QUOTES_INSIDE_SINGLE', 'double "quotes" work inside single quotes', 1],
  ],
  [
    'braces without blanks',
    'DOUBLE_QUOTES_WITH_NO_SPACE_BRACKET="{ port: $MONGOLAB_PORT}"',
    ['DOUBLE_QUOTES_WITH_NO_SPACE_BRACKET', '{ port: $MONGOLAB_PORT}', 1],
  ],
  [
    'single quotes in double ones',
    `SINGLE_QUOTES_INSIDE_DOUBLE="single 'quotes' work inside double quotes"`,
    ['SINGLE_QUOTES_INSIDE_DOUBLE', "single 'quotes' work inside double quotes", 1],
  ],
  [
    'backticks in single quotes',
    "BACKTICKS_INSIDE_SINGLE='`backticks` work inside single quotes'",
    ['BACKTICKS_INSIDE_SINGLE', '`backticks` work inside single quotes', 1],
  ],
  [
    'backticks in double quotes',
    'BACKTICKS_INSIDE_DOUBLE="`backticks` work inside double quotes"',
    ['BACKTICKS_INSIDE_DOUBLE', '`backticks` work inside double quotes', 1],
  ],
  ['backticks', 'BACKTICKS=`backticks`', ['BACKTICKS', 'backticks', 1]],
  [
    'both quotes in backticks',
    'BOTH=`double "quotes" and single \'quotes\' work`',
    ['BOTH', 'double "quotes" and single \'quotes\' work', 1],
  ],
  [
    'line feeds in double quotes',
    'EXPAND_NEWLINES="expand\\nnew\\nlines"',
    ['EXPAND_NEWLINES', 'expand\nnew\nlines', 1],
  ],
  [
    'no line feeds without quotes',
    'DONT_EXPAND_UNQUOTED=dontexpand\\nnewlines',
    ['DONT_EXPAND_UNQUOTED', 'dontexpand\\nnewlines', 1],
  ],
  [
    'no line feeds in single quotes',
    "DONT_EXPAND_SQUOTED='dontexpand\\nnewlines'",
    ['DONT_EXPAND_SQUOTED', 'dontexpand\\nnewlines', 1],
  ],
  ['a comment', '# COMMENTS=work\nA=1', ['A', '1', 2]],
  [
    'a comment behind a value',
    'INLINE_COMMENTS=inline comments # work #very #well',
    ['INLINE_COMMENTS', 'inline comments', 1],
  ],
  [
    'a comment behind single quotes',
    "INLINE_SINGLE='inline comments outside of #singlequotes' # work",
    ['INLINE_SINGLE', 'inline comments outside of #singlequotes', 1],
  ],
  [
    'a comment behind double quotes',
    'INLINE_DOUBLE="inline comments outside of #doublequotes" # work',
    ['INLINE_DOUBLE', 'inline comments outside of #doublequotes', 1],
  ],
  [
    'a comment behind backticks',
    'INLINE_BACKTICKS=`inline comments outside of #backticks` # work',
    ['INLINE_BACKTICKS', 'inline comments outside of #backticks', 1],
  ],
  [
    'a comment without a blank before it',
    'INLINE_COMMENTS_SPACE=inline comments start with a#number sign. no space required.',
    ['INLINE_COMMENTS_SPACE', 'inline comments start with a', 1],
  ],
  ['signs in a value', 'EQUAL_SIGNS=equals==', ['EQUAL_SIGNS', 'equals==', 1]],
  [
    'inner quotes',
    'RETAIN_INNER_QUOTES={"foo": "bar"}',
    ['RETAIN_INNER_QUOTES', '{"foo": "bar"}', 1],
  ],
  [
    'inner quotes in single quotes',
    `RETAIN_INNER_QUOTES_AS_STRING='{"foo": "bar"}'`,
    ['RETAIN_INNER_QUOTES_AS_STRING', '{"foo": "bar"}', 1],
  ],
  [
    'inner quotes in backticks',
    'RETAIN_BACKTICKS=`{"foo": "bar\'s"}`',
    ['RETAIN_BACKTICKS', '{"foo": "bar\'s"}', 1],
  ],
  [
    'blanks round a value',
    'TRIM_SPACE_FROM_UNQUOTED=    some spaced out string',
    ['TRIM_SPACE_FROM_UNQUOTED', 'some spaced out string', 1],
  ],
  [
    'a mail address',
    'USERNAME=therealnerdybeast@example.tld',
    ['USERNAME', 'therealnerdybeast@example.tld', 1],
  ],
  ['blanks round the key', '    SPACED_KEY = parsed', ['SPACED_KEY', 'parsed', 1]],
  ['export', 'export SERVER=localhost', ['SERVER', 'localhost', 1]],
  ['export and more blanks', '  export   SERVER = localhost  ', ['SERVER', 'localhost', 1]],
  ['a colon', 'SERVER: localhost', ['SERVER', 'localhost', 1]],
  ['a colon and quotes', 'SERVER: "localhost"', ['SERVER', 'localhost', 1]],
  [
    'CRLF',
    'SERVER=localhost\r\nPASSWORD=password\r\nDB=tests\r\n',
    ['SERVER', 'localhost', 1],
    ['PASSWORD', 'password', 2],
    ['DB', 'tests', 3],
  ],
  ['dots and dashes in a key', 'app.db-name=x', ['app.db-name', 'x', 1]],
  [
    'lines in double quotes',
    'MULTI_DOUBLE="THIS\nIS\nA\nMULTILINE\nSTRING"\nB=2',
    ['MULTI_DOUBLE', 'THIS\nIS\nA\nMULTILINE\nSTRING', 1],
    ['B', '2', 6],
  ],
  [
    'lines in single quotes',
    "MULTI_SINGLE='THIS\nIS\nA\nMULTILINE\nSTRING'",
    ['MULTI_SINGLE', 'THIS\nIS\nA\nMULTILINE\nSTRING', 1],
  ],
  [
    'lines in backticks',
    'MULTI_BACKTICKED=`THIS\nIS\nA\n"MULTILINE\'S"\nSTRING`',
    ['MULTI_BACKTICKED', 'THIS\nIS\nA\n"MULTILINE\'S"\nSTRING', 1],
  ],
  ['lines with CRLF', 'MULTI="one\r\ntwo"\r\nB=2', ['MULTI', 'one\ntwo', 1], ['B', '2', 3]],
  ['an escaped quote in double quotes', 'ESCAPED="a\\"b"', ['ESCAPED', 'a\\"b', 1]],
  ['an escaped quote in single quotes', "ESCAPED='it\\'s'", ['ESCAPED', "it\\'s", 1]],
  ['JSON over lines', `JSON='{\n  "a": 1\n}'`, ['JSON', '{\n  "a": 1\n}', 1]],
  ['a value that is a comment', 'HASH=#nothing', ['HASH', '', 1]],
])

/**
 * Cases after nodejs.org/api/environment_variables.html (DotEnv) and test/fixtures/dotenv of
 * github.com/nodejs/node.
 */
export const node = casesOf([
  ['a basic entry', 'BASIC=basic', ['BASIC', 'basic', 1]],
  ['nothing before another entry', 'EMPTY=\nB=2', ['EMPTY', '', 1], ['B', '2', 2]],
  ['double quotes', 'A="x y"', ['A', 'x y', 1]],
  ['single quotes', "A='x y'", ['A', 'x y', 1]],
  ['backticks', 'A=`x y`', ['A', 'x y', 1]],
  ['blanks round everything', '  A  =  x  ', ['A', 'x', 1]],
  ['a comment behind a value', 'A=x # words', ['A', 'x', 1]],
  ['a comment without a blank', 'A=x#words', ['A', 'x', 1]],
  ['a comment behind quotes', 'A="x" # words', ['A', 'x', 1]],
  ['a hash in quotes', 'A="x # y"', ['A', 'x # y', 1]],
  ['export', 'export A=x', ['A', 'x', 1]],
  ['line feeds in double quotes', 'A="x\\ny"', ['A', 'x\ny', 1]],
  ['no line feeds in single quotes', "A='x\\ny'", ['A', 'x\\ny', 1]],
  ['no line feeds without quotes', 'A=x\\ny', ['A', 'x\\ny', 1]],
  ['lines in double quotes', 'A="x\ny\nz"\nB=2', ['A', 'x\ny\nz', 1], ['B', '2', 4]],
  ['lines in single quotes', "A='x\ny'", ['A', 'x\ny', 1]],
  ['lines in backticks', 'A=`x\ny`', ['A', 'x\ny', 1]],
  ['signs in a value', 'A=x==', ['A', 'x==', 1]],
  ['inner quotes', 'A={"foo": "bar"}', ['A', '{"foo": "bar"}', 1]],
  ['quotes in other quotes', `A="it's"`, ['A', "it's", 1]],
  ['a mail address', 'A=a@example.tld', ['A', 'a@example.tld', 1]],
  ['CRLF', 'A=1\r\nB=2\r\n', ['A', '1', 1], ['B', '2', 2]],
  ['a comment between', '# words\nA=1\n# B=2\nC=3', ['A', '1', 2], ['C', '3', 4]],
  ['a quote that is never closed', 'A="x\nB=2', ['A', '"x', 1], ['B', '2', 2]],
  ['a key in lower case', 'a_b=1', ['a_b', '1', 1]],
  ['an entry in the last line', '\n\n\nA=1', ['A', '1', 4]],
])
