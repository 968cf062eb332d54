import { describe, expect, test } from 'vitest'
import { ConfigError } from '../../../src/model/errors.ts'
import { expandSample } from '../../../src/rules/samples/sample.ts'
import { seededRandom } from '../../support/random.ts'

const expand = (template: string) => expandSample(template, seededRandom(1))

test('equal seeds make equal texts, different seeds different ones', () => {
  expect(expand('{base62:40}')).toEqual(expand('{base62:40}'))
  expect(expandSample('{base62:40}', seededRandom(2))).not.toEqual(expand('{base62:40}'))
})

test('marks are removed, and become the ranges and roles of the secrets', () => {
  expect(expand('id=<<id:abc>>, <<secret:de>>/<<f>>')).toEqual({
    text: 'id=abc, de/f',
    secrets: [
      { start: 3, end: 6, role: 'id' },
      { start: 8, end: 10, role: 'secret' },
      { start: 11, end: 12 },
    ],
  })
})

test.each([
  ['{digits:8}', /^\d{8}$/],
  ['{lower:3}{upper:3}', /^[a-z]{3}[A-Z]{3}$/],
  ['{hex:200}', /^[0-9a-f]{200}$/],
  ['{HEX:200}', /^[0-9A-F]{200}$/],
  ['{alnum:200}', /^[0-9a-z]{200}$/],
  ['{ALNUM:200}', /^[0-9A-Z]{200}$/],
  ['{base32:200}', /^[A-Z2-7]{200}$/],
  ['{base62:200}', /^[A-Za-z0-9]{200}$/],
  ['{base64:200}', /^[A-Za-z0-9+/]{200}$/],
  ['{base64url:200}', /^[\w-]{200}$/],
  ['{lower:4-9}', /^[a-z]{4,9}$/],
  ['{pem:130}', /^[A-Za-z0-9+/]{64}\n[A-Za-z0-9+/]{64}\n[A-Za-z0-9+/]{2}$/],
  ['{pem-escaped:65}', /^[A-Za-z0-9+/]{64}\\n[A-Za-z0-9+/]$/],
  ['AKIA{aws-key-tail}', /^AKIA[A-Z2-7]{16}$/],
])('%s is filled in', (template, form) => {
  expect(expand(template).text).toMatch(form)
})

test('braces that name no value stand for themselves', () => {
  const text = '{"a": {password}} ${VAR} {{ x }} {0}'
  expect(expand(text)).toEqual({ text, secrets: [] })
})

test('a checksum is that of its own mark', () => {
  const { text, secrets } = expand('a_b <<ghp_{base62:30}{github-checksum}>>')
  expect(secrets).toEqual([{ start: 4, end: 44 }])
  expect(text).toHaveLength(44)
})

describe('a template is rejected', () => {
  test.each([
    ['whose mark is not closed', 'a <<b'],
    ['whose mark is not opened', 'a>> b'],
    ['whose mark is empty', '<<>>'],
    ['whose marks are nested', '<<a <<b>> >>'],
    ['that asks for what nobody can make', '{base26:30}'],
    ['whose range is upside down', '{hex:9-4}'],
    ['that is not ASCII', 'pässword'],
  ])('%s', (_, template) => {
    expect(() => expand(template)).toThrow(ConfigError)
  })
})
