import { expect, test } from 'vitest'
import type { Finding } from '../../../src/model/model.ts'
import { compareSeverity, type Severity } from '../../../src/model/rule.ts'
import { compareFindings } from '../../../src/scan/findings/order.ts'
import { base62, randomText, seeded } from '../suppress/random-values.ts'
import { findingOf, originOf, partOf, ruleOf, spanAt } from './made-findings.ts'
import { rounds } from '../../support/rounds.ts'

const random = seeded(16)

function make(severity: Severity, id: string, path: string | undefined, line = 1): Finding {
  const part = partOf('secret', randomText(random, base62, 30), { span: spanAt(line * 100, line) })
  return findingOf([part], {
    severity,
    rule: ruleOf({ id }),
    origins: [path === undefined ? { kind: 'stdin' } : originOf(path)],
  })
}

const sorted = [
  make('critical', 'z', 'z.txt'),
  make('high', 'a', 'z.txt'),
  make('high', 'b', undefined),
  make('high', 'b', 'B.txt'),
  make('high', 'b', 'a.txt', 2),
  make('high', 'b', 'a.txt', 10),
  make('medium', 'a', 'a.txt'),
  make('low', 'a', 'a.txt'),
]

test('sorts by severity, then by rule, path and line', () => {
  for (let round = 0; round < rounds(50); round++) {
    const shuffled = sorted
      .map((finding) => [random(), finding] as const)
      .sort(([a], [b]) => a - b)
      .map(([, finding]) => finding)
    expect(shuffled.sort(compareFindings).map((finding) => sorted.indexOf(finding))).toEqual(
      sorted.map((_, index) => index),
    )
  }
})

test('sorts findings at one place by fingerprint', () => {
  const [a, b] = [make('low', 'a', 'a.txt'), make('low', 'a', 'a.txt')]
  expect(Math.sign(compareFindings(a, b))).toBe(a.fingerprint < b.fingerprint ? -1 : 1)
  expect(compareFindings(a, a)).toBe(0)
})

test.each([
  ['low', 'medium'],
  ['medium', 'high'],
  ['high', 'critical'],
] as const)('%s is less than %s', (less, more) => {
  expect(compareSeverity(less, more)).toBeLessThan(0)
  expect(compareSeverity(more, less)).toBeGreaterThan(0)
  expect(compareSeverity(less, less)).toBe(0)
})
