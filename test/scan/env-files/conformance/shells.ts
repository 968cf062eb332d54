import { casesOf } from './cases.ts'

/**
 * Cases of direnv's `.envrc` as bash reads it (gnu.org/software/bash/manual: Quoting, ANSI-C
 * Quoting, Bash Builtins).
 */
export const direnv = casesOf([
  ['export', 'export A=x', ['A', 'x', 1]],
  ['export in double quotes', 'export A="x y"', ['A', 'x y', 1]],
  ['export in single quotes', "export A='x y'", ['A', 'x y', 1]],
  ['two in one export', 'export A=1 B=2', ['A', '1', 1], ['B', '2', 1]],
  ['two exports on a line', 'export A=1; export B=2', ['A', '1', 1], ['B', '2', 1]],
  ['two exports joined', 'export A=1 && export B="2"', ['A', '1', 1], ['B', '2', 1]],
  ['declare', 'declare -x A="x"', ['A', 'x', 1]],
  ['typeset', 'typeset -gx A=x', ['A', 'x', 1]],
  ['readonly', "readonly A='x'", ['A', 'x', 1]],
  ['local', 'local A=x', ['A', 'x', 1]],
  ['an entry in a function', 'if true; then\n  export A=x\nfi', ['A', 'x', 2]],
  ['a comment', 'export A=x # words', ['A', 'x', 1]],
  ['a hash in a word', 'export A=x#y', ['A', 'x#y', 1]],
  ['a quote that is escaped', 'export A="x\\"y"', ['A', 'x"y', 1]],
  ['a dollar that is escaped', 'export A="x\\$y"', ['A', 'x$y', 1]],
  ['a backtick that is escaped', 'export A="x\\`y"', ['A', 'x`y', 1]],
  ['a dollar that is escaped without quotes', 'export A=x\\$y', ['A', 'x$y', 1]],
  ['a blank that is escaped', 'export A=x\\ y', ['A', 'x y', 1]],
  ['a backslash that is escaped', 'export A="x\\\\y"', ['A', 'x\\y', 1]],
  ['parts', `export A='x'"y"z`, ['A', 'xyz', 1]],
  ['quotes in the middle', `export A=x"y z"w`, ['A', 'xy zw', 1]],
  ['a single quote between quotes', `export A='it'"'"'s'`, ['A', "it's", 1]],
  ['an escaped line end', 'export A=abc\\\ndef\nexport B=2', ['A', 'abcdef', 1], ['B', '2', 3]],
  [
    'an escaped line end with CRLF',
    'export A=abc\\\r\ndef\r\nexport B=2',
    ['A', 'abcdef', 1],
    ['B', '2', 3],
  ],
  ['an escaped line end in double quotes', 'export A="abc\\\ndef"', ['A', 'abcdef', 1]],
  ['no escaped line end in single quotes', "export A='abc\\\ndef'", ['A', 'abc\\\ndef', 1]],
  ['lines in double quotes', 'export A="x\ny"\nexport B=2', ['A', 'x\ny', 1], ['B', '2', 3]],
  ['escapes of C', `export A=$'x\\ty'`, ['A', 'x\ty', 1]],
  ['a quote as an escape of C', `export A=$'it\\'s'`, ['A', "it's", 1]],
  ['hexadecimal', `export A=$'\\x41\\x62c'`, ['A', 'Abc', 1]],
  ['octal', `export A=$'\\101bc'`, ['A', 'Abc', 1]],
  ['Unicode', `export A=$'\\u0041bc'`, ['A', 'Abc', 1]],
  ['words to be translated', 'export A=$"x y"', ['A', 'x y', 1]],
  ['a command', 'export A="$(cat x)"', ['A', '$(cat x)', 1]],
  ['an addition', 'A+=x', ['A', 'x', 1]],
  ['name and value in quotes', 'export "A=x y"', ['A', 'x y', 1]],
])

/** Cases of csh and fish, Apache's SetEnv, batch files of Windows, and make's include. */
export const others = casesOf([
  ['setenv of csh', 'setenv A x', ['A', 'x', 1]],
  ['setenv of csh, in quotes', 'setenv A "x y"', ['A', 'x y', 1]],
  ['SetEnv of Apache', 'SetEnv A x', ['A', 'x', 1]],
  ['set of fish', 'set -gx A x', ['A', 'x', 1]],
  ['set of fish, in quotes', "set -x A 'x y'", ['A', 'x y', 1]],
  ['set of Windows', 'set A=x', ['A', 'x', 1]],
  ['set of Windows, in quotes', 'set "A=x y"\r\nset B=2\r\n', ['A', 'x y', 1], ['B', '2', 2]],
  ['make', 'A := x', ['A', 'x', 1]],
  ['make, if there is none', 'A ?= x', ['A', 'x', 1]],
  ['JSON', '{\n  "A": "x",\n  "B": "y"\n}', ['A', 'x', 2], ['B', 'y', 3]],
])
