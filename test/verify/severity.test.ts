import { expect, test } from 'vitest'
import { severities, type Severity } from '../../src/model/rule.ts'
import type { Verification } from '../../src/model/verification.ts'
import { afterVerification } from '../../src/verify/severity.ts'
import { finding } from '../support/result.ts'

const becomes: Readonly<Record<Verification['status'], (before: Severity) => Severity>> = {
  live: () => 'critical',
  mismatch: (before) => (before === 'critical' ? 'critical' : 'high'),
  inactive: () => 'low',
  expired: () => 'low',
  unknown: (before) => before,
  'not-tried': (before) => before,
}

const cases = Object.entries(becomes).flatMap(([status, after]) =>
  severities.map((before) => [before, status as Verification['status'], after(before)] as const),
)

test.each(cases)('%s that is %s becomes %s', (before, status, after) => {
  const verified = afterVerification(finding({ severity: before }), { status, reason: 'r' })
  expect(verified).toMatchObject({ severity: after, verification: { status, reason: 'r' } })
  expect(verified.explanation).toEqual(
    before === after ? [] : [expect.stringMatching(new RegExp(`^${after}, since `))],
  )
})

test.each(Object.keys(becomes))('a canary token that is %s keeps its severity', (status) => {
  expect(
    afterVerification(finding({ severity: 'low', facts: { canary: 'bait' } }), {
      status: status as Verification['status'],
    }).severity,
  ).toBe('low')
})
