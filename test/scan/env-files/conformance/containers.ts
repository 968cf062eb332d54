import { casesOf } from './cases.ts'

/**
 * Cases after docs.docker.com/compose/how-tos/environment-variables/variable-interpolation (syntax
 * of .env files) and compose-go's dotenv/godotenv_test.go. Variables are not expanded.
 */
export const compose = casesOf([
  ['without quotes', 'VAR=VAL', ['VAR', 'VAL', 1]],
  ['double quotes', 'VAR="VAL"', ['VAR', 'VAL', 1]],
  ['single quotes', "VAR='VAL'", ['VAR', 'VAL', 1]],
  ['a comment behind a blank', 'VAR=VAL # comment', ['VAR', 'VAL', 1]],
  ['no comment without a blank', 'VAR=VAL# not a comment', ['VAR', 'VAL# not a comment', 1]],
  ['a hash within quotes', 'VAR="VAL # not a comment"', ['VAR', 'VAL # not a comment', 1]],
  ['a comment behind quotes', 'VAR="VAL" # comment', ['VAR', 'VAL', 1]],
  ['a variable in single quotes', "VAR='$OTHER'", ['VAR', '$OTHER', 1]],
  ['a variable in braces in single quotes', "VAR='${OTHER}'", ['VAR', '${OTHER}', 1]],
  ['a single quote that is escaped', "VAR='Let\\'s go!'", ['VAR', "Let's go!", 1]],
  [
    'double quotes that are escaped',
    'VAR="{\\"hello\\": \\"json\\"}"',
    ['VAR', '{"hello": "json"}', 1],
  ],
  ['a tab', 'VAR="some\\tvalue"', ['VAR', 'some\tvalue', 1]],
  ['no tab in single quotes', "VAR='some\\tvalue'", ['VAR', 'some\\tvalue', 1]],
  ['no tab without quotes', 'VAR=some\\tvalue', ['VAR', 'some\\tvalue', 1]],
  ['lines in single quotes', `VAR='SOME\nVALUE'\nB=2`, ['VAR', 'SOME\nVALUE', 1], ['B', '2', 3]],
  ['lines in double quotes', 'KEY="multi\nline"', ['KEY', 'multi\nline', 1]],
  ['a colon', 'VAR: VAL', ['VAR', 'VAL', 1]],
  ['an empty value', 'VAR=', ['VAR', '', 1]],
  [
    'a value with a sign',
    'URL=https://example.com/?a=b&c=d',
    ['URL', 'https://example.com/?a=b&c=d', 1],
  ],
  ['export', 'export OPTION_A=2', ['OPTION_A', '2', 1]],
  ['a default', 'VAR=${OTHER:-fallback}', ['VAR', '${OTHER:-fallback}', 1]],
  ['a dollar that is escaped', 'VAR=pa$$word', ['VAR', 'pa$$word', 1]],
  ['blanks in front', '  VAR=VAL', ['VAR', 'VAL', 1]],
  ['blanks behind', 'VAR=VAL   \nB=2', ['VAR', 'VAL', 1], ['B', '2', 2]],
  ['a byte order mark', '\u00ef\u00bb\u00bfVAR=VAL', ['VAR', 'VAL', 1]],
  ['a value that begins with a hash', 'VAR=#VAL', ['VAR', '#VAL', 1]],
])

/**
 * Cases after the `environment` and `env_file` of docs.docker.com/reference/compose-file/services:
 * lists and mappings in YAML.
 */
export const composeLists = casesOf([
  ['an item of a list', '- RACK_ENV=development', ['RACK_ENV', 'development', 1]],
  [
    'items further in',
    'environment:\n      - RACK_ENV=development\n      - SHOW=true',
    ['RACK_ENV', 'development', 2],
    ['SHOW', 'true', 3],
  ],
  ['an item in double quotes', '    - "KEY=two words"', ['KEY', 'two words', 1]],
  ['an item in single quotes', "    - 'KEY=a:b'", ['KEY', 'a:b', 1]],
  ['a value in quotes', '  - KEY="VAL"', ['KEY', 'VAL', 1]],
  ['a comment behind an item', '  - KEY=VAL # words', ['KEY', 'VAL', 1]],
  [
    'a mapping',
    '  RACK_ENV: development\n  SHOW: "true"',
    ['RACK_ENV', 'development', 1],
    ['SHOW', 'true', 2],
  ],
  ['an item commented out is an entry as well', '  - A=1\n', ['A', '1', 1]],
  ['an item without a value is none', '  - USER_INPUT\n  - B=2', ['B', '2', 2]],
])

/**
 * Cases after docs.docker.com/reference/cli/docker/container/run (--env-file), which does not
 * decode values.
 */
export const dockerRun = casesOf([
  ['a value', 'VAR1=value1', ['VAR1', 'value1', 1]],
  ['a comment line', '# This is a comment\nVAR1=value1', ['VAR1', 'value1', 2]],
  ['a bare name is none', 'USER\nVAR1=value1', ['VAR1', 'value1', 2]],
  ['blanks within', 'VAR1=some value', ['VAR1', 'some value', 1]],
  ['a sign in a value', 'VAR1=a=b', ['VAR1', 'a=b', 1]],
  ['quotes in the middle', `VAR1={"a":"b"}`, ['VAR1', '{"a":"b"}', 1]],
])
