import { expect, test } from 'vitest'
import { envFilesIn, isComposeFile } from '../../../src/scan/sources/compose-env-files.ts'

test.each([
  ['a text', '    env_file: web.env\n', ['web.env']],
  ['a text in quotes', `env_file: "./web env.conf" # words`, ['./web env.conf']],
  ['a text with a comment', 'env_file: web.env # words', ['web.env']],
  [
    'a list in brackets',
    `env_file: [ a.env, "b.env", 'c.env' ] # words`,
    ['a.env', 'b.env', 'c.env'],
  ],
  [
    'a list below',
    'web:\n  env_file:\n    - a.env\n    - ./b/c.env # words\n\n    # words\n    - "d.env"\n  ports:\n    - 80:80\n',
    ['a.env', './b/c.env', 'd.env'],
  ],
  [
    'a list without indentation',
    'env_file:\n- a.env\n- b.env\nports:\n- 80:80\n',
    ['a.env', 'b.env'],
  ],
  [
    'a list of items with path:',
    'env_file:\n  - path: ./default.env\n    required: true\n    format: raw\n  - path: "b.env"\n',
    ['./default.env', 'b.env'],
  ],
  [
    'several services',
    'services:\n  a:\n    env_file: a.env\n  b:\n    env_file:\n      - b.env\n    image: b\n',
    ['a.env', 'b.env'],
  ],
  ['CRLF', 'env_file:\r\n  - a.env\r\n', ['a.env']],
  ['an include', 'include:\n  - path: x.yaml\n    env_file: inc.env\n', ['inc.env']],
  [
    'variables and absolute paths',
    'env_file:\n  - ${ENV}.env\n  - /etc/web.env\n  - ~/web.env\n',
    [],
  ],
  ['nothing', 'services:\n  web:\n    image: x\n    env_files: y\n# env_file: z\n', []],
])('finds the names in %s', (_, text, names) => {
  expect(envFilesIn(text)).toEqual(names)
})

test.each([
  ['compose.yaml', true],
  ['compose.yml', true],
  ['docker-compose.yml', true],
  ['docker-compose.prod.yaml', true],
  ['Docker-Compose.yml', true],
  ['compose.override.yaml', true],
  ['composer.yaml', false],
  ['compose.json', false],
  ['my-compose.yml', false],
])('%s: %s', (name, is) => {
  expect(isComposeFile(name)).toBe(is)
})

test.each(['env_file:\n', '- ', 'env_file: [', "env_file: '", ' ', 'env_file: a\n  - ', 'a: '])(
  'parses 50,000 times %j in linear time',
  (part) => {
    expect(envFilesIn(part.repeat(50_000)).length).toBeLessThan(200_000)
  },
)
