import { describe, expect, test } from 'vitest'
import type { Finding, Part } from '../../../src/model/model.ts'
import { conclude } from '../../../src/scan/findings/conclude.ts'
import { FindingSet } from '../../../src/scan/findings/merge.ts'
import { base64, randomKeyId, randomText, seeded } from '../suppress/random-values.ts'
import { candidateOf, named, partOf } from './made-findings.ts'

const random = seeded(23)
const id = randomKeyId(random)
const secret = randomText(random, base64, 40)
const token = randomText(random, base64, 200)
const now = Date.UTC(2024, 5, 1)
const past = '2024-05-31T23:59:59.000Z'
const future = '2024-06-01T00:00:01.000Z'

function concluded(facts: Part['facts'], time: number | undefined = now): Finding {
  return named(
    conclude(candidateOf([partOf('secret', secret), partOf('token', token, { facts })]), time),
  )
}

describe('a credential with an expiry', () => {
  test('is low when it has expired', () => {
    const finding = concluded({ expires: past })
    expect(finding).toMatchObject({ severity: 'low', facts: { expires: past, expired: 'yes' } })
    expect(finding.explanation.at(-1)).toContain('expired')
  })

  test.each([
    ['has not', { expires: future }, now],
    ['says so in no words of a date', { expires: 'soon' }, now],
    ['is judged without a time', { expires: past }, undefined],
  ] as const)('is as severe as its rule when it %s', (_, facts, time) => {
    const finding = conclude(
      candidateOf([partOf('secret', secret), partOf('token', token, { facts })]),
      time,
    )
    expect(finding.severity).toBe('high')
    expect(finding.facts).toEqual(facts)
  })

  test.each([{ expires: past }, { canary: 'bait of a service' }])(
    'does not take the facts of a token of another account: %j',
    (said) => {
      const parts = [
        partOf('secret', secret),
        partOf('token', token, { facts: { ...said, accountId: '1' } }),
        partOf('id', id, { facts: { accountId: '2' }, alone: 'low' }),
      ] as const
      expect(conclude(candidateOf([...parts]), now).severity).toBe('high')
    },
  )
})

test('a long-term key does not expire with a session token beside it', () => {
  const parts = [
    partOf('secret', secret),
    partOf('token', token, { facts: { expires: past } }),
  ] as const
  expect(
    conclude(candidateOf([...parts, partOf('id', id, { alone: 'medium' })]), now).severity,
  ).toBe('high')
  expect(conclude(candidateOf([...parts, partOf('id', id, { alone: 'low' })]), now).severity).toBe(
    'low',
  )
})

test.each([
  ['canary', 'bait of a service'],
  ['sample', 'account of emulators'],
])('a credential with the fact %s is low, with the reason', (fact, value) => {
  const finding = concluded({ [fact]: value }, undefined)
  expect(finding.severity).toBe('low')
  expect(finding.explanation.at(-1)).toContain(value)
})

test('a credential that is spent in one place is spent in all places', () => {
  const alone = named(conclude(candidateOf([partOf('secret', secret)], { severity: 'high' }), now))
  for (const order of [
    [alone, concluded({ expires: past })],
    [concluded({ expires: past }), alone],
  ]) {
    const set = new FindingSet()
    for (const finding of order) set.add(finding)
    expect(set.findings()).toMatchObject([{ severity: 'low', facts: { expired: 'yes' } }])
  }
})
