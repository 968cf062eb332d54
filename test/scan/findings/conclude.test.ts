import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import type { Part } from '../../../src/model/model.ts'
import { conclude } from '../../../src/scan/findings/conclude.ts'
import { fingerprint } from '../../../src/scan/findings/fingerprint.ts'
import { base64, randomKeyId, randomText, seeded } from '../suppress/random-values.ts'
import { candidateOf, findingOf, originOf, partOf, spanAt } from './made-findings.ts'

const random = seeded(15)
const id = randomKeyId(random)
const secret = randomText(random, base64, 40)
const token = randomText(random, base64, 200)

test.each([
  ['the secret', [partOf('id', id), partOf('secret', secret), partOf('token', token)], secret],
  ['the secret, wherever it stands', [partOf('secret', secret), partOf('id', id)], secret],
  ['else the token', [partOf('id', id), partOf('token', token)], token],
  ['else the id', [partOf('id', id)], id],
] satisfies [string, [Part, ...Part[]], string][])(
  'a finding is named after %s',
  (_, parts, value) => {
    expect(findingOf(parts).fingerprint).toBe(fingerprint('made-up', value, 'machine'))
  },
)

test('a lone id and its pair have different fingerprints, so that allowing one never allows the other', () => {
  expect(findingOf([partOf('id', id)]).fingerprint).not.toBe(
    findingOf([partOf('id', id), partOf('secret', secret)]).fingerprint,
  )
})

test('a finding has one redacted part per role, in the order of the candidate', () => {
  const finding = conclude(
    candidateOf([
      partOf('id', id),
      partOf('secret', secret),
      partOf('secret', secret, { span: spanAt(90) }),
    ]),
  )
  expect(finding.parts.map(({ role, redacted }) => [role, redacted])).toEqual([
    ['id', `AKIA…${id.slice(-4)}`],
    ['secret', `${secret.slice(0, 4)}…${secret.slice(-4)}`],
  ])
})

test('a finding has a place for every part and origin', () => {
  const origins = [originOf('a.txt'), originOf('b.txt')] as const
  const finding = conclude(
    candidateOf([partOf('id', id), partOf('secret', secret, { span: spanAt(30, 2) })], { origins }),
  )
  expect(
    finding.places.map(({ origin, role, span }) => [origin.path?.text, role, span.line]),
  ).toEqual([
    ['a.txt', 'id', 1],
    ['a.txt', 'secret', 2],
    ['b.txt', 'id', 1],
    ['b.txt', 'secret', 2],
  ])
})

test('a finding has the facts of all parts; where they disagree, those of the earlier part', () => {
  const finding = conclude(
    candidateOf([
      partOf('secret', secret, { facts: { account: '1' } }),
      partOf('token', token, { facts: { account: '2', region: 'here' } }),
    ]),
  )
  expect(finding.facts).toEqual({ account: '1', region: 'here' })
})

test('a finding has an explanation without repetitions, and is not verified', () => {
  const finding = conclude(
    candidateOf([partOf('id', id), partOf('id', id, { span: spanAt(50) })], { severity: 'low' }),
  )
  expect(finding.explanation).toEqual(['rule made-up', 'by a test', 'by its id'])
  expect(finding).toMatchObject({ severity: 'low', verification: { status: 'not-tried' } })
})

test.each([
  ['JSON', (value: unknown) => JSON.stringify(value)],
  ['inspect', (value: unknown) => inspect(value, { depth: 20, showHidden: true })],
  [
    'a template',
    (value: unknown) =>
      `${String(value)} ${String((value as { parts: { secret: unknown }[] }).parts[0]?.secret)}`,
  ],
  ['an error', (value: unknown) => inspect(new Error('x', { cause: value }), { depth: 20 })],
  [
    'a structured clone',
    (value: unknown) =>
      inspect(structuredClone({ parts: (value as { parts: unknown }).parts }), { depth: 20 }),
  ],
])('neither candidate nor finding shows a secret in %s', (_, show) => {
  const candidate = candidateOf([
    partOf('secret', secret),
    partOf('id', id),
    partOf('token', token),
  ])
  for (const value of [candidate, conclude(candidate)]) {
    const shown = show(value)
    expect(shown.length).toBeGreaterThan(10)
    expect([secret, id, token].filter((text) => shown.includes(text))).toEqual([])
  }
})
