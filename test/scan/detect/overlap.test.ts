import { describe, expect, test } from 'vitest'
import { resolveOverlaps } from '../../../src/scan/detect/overlap.ts'
import type { Candidate } from '../../../src/model/model.ts'
import { candidate, flaw, partAt } from '../../support/parts.ts'
import { rule } from '../../support/result.ts'

const provider = rule({ id: 'provider', generic: false })
const another = rule({ id: 'another', generic: false })
const generic = rule({ id: 'generic', generic: true })
const part = {
  role: 'secret',
  keywords: [],
  pattern: /x/dg,
  window: 16,
  minEntropy: 0,
  validator: undefined,
  alone: 'medium',
} as const
const searched = rule({ id: 'searched', generic: true, parts: [part] })
const own = rule({ id: 'own', generic: false, own: true })

function at(
  ofRule: typeof provider,
  start: number,
  length: number,
  severity: Candidate['severity'] = 'medium',
): Candidate {
  return candidate(ofRule, [partAt('secret', start, 'x'.repeat(length))], severity)
}

function flawedAt(ofRule: typeof provider, severity: Candidate['severity']): Candidate {
  return candidate(ofRule, [partAt('secret', 0, 'x'.repeat(10), flaw)], severity)
}

const rows: readonly (readonly [
  name: string,
  candidates: readonly Candidate[],
  kept: readonly string[],
])[] = [
  ['nothing', [], []],
  ['one', [at(generic, 0, 10)], ['generic medium']],
  [
    'two that do not touch',
    [at(provider, 0, 10), at(generic, 10, 10)],
    ['provider medium', 'generic medium'],
  ],
  [
    'a generic one on the same bytes',
    [at(generic, 0, 10), at(provider, 0, 10)],
    ['provider medium'],
  ],
  ['a generic one around it', [at(generic, 0, 40), at(provider, 10, 10)], ['provider medium']],
  ['a generic one within it', [at(provider, 0, 40), at(generic, 10, 10)], ['provider medium']],
  [
    'a generic one with a worse severity, which is kept',
    [at(generic, 0, 10, 'critical'), at(provider, 0, 10)],
    ['provider critical'],
  ],
  [
    'two generic ones, one of which was found by code that reads the file format',
    [at(searched, 0, 10), at(generic, 0, 10)],
    ['generic medium'],
  ],
  [
    'a generic one with a lower severity',
    [at(generic, 0, 10, 'low'), at(provider, 0, 10)],
    ['provider medium'],
  ],
  [
    'two providers with secrets of different lengths',
    [at(provider, 0, 10), at(another, 5, 30, 'low')],
    ['another low'],
  ],
  [
    'a signed address around the id of a pair, whose secret is elsewhere',
    [
      candidate(
        provider,
        [partAt('secret', 90, 'x'.repeat(10)), partAt('id', 10, 'x'.repeat(10))],
        'high',
      ),
      at(another, 0, 50, 'low'),
    ],
    ['provider high', 'another low'],
  ],
  [
    'two providers with secrets of one length and different severities',
    [at(provider, 0, 10, 'high'), at(another, 0, 10)],
    ['provider high'],
  ],
  [
    'two that differ only in rule id',
    [at(provider, 0, 10), at(another, 0, 10)],
    ['another medium'],
  ],
  [
    'two of the same rule',
    [at(provider, 0, 10), at(provider, 5, 10)],
    ['provider medium', 'provider medium'],
  ],
  [
    'three',
    [at(generic, 0, 50, 'high'), at(provider, 5, 10), at(another, 30, 10)],
    ['provider high', 'another medium'],
  ],
  [
    'an own rule around others, which hides none of them',
    [at(own, 0, 50), at(provider, 5, 10), at(generic, 30, 10)],
    ['own medium', 'provider medium', 'generic medium'],
  ],
  [
    'an own rule on the same bytes as a provider',
    [at(own, 0, 10, 'high'), at(provider, 0, 10)],
    ['provider high'],
  ],
  [
    'an own rule on the same bytes as a generic one',
    [at(generic, 0, 10, 'high'), at(own, 0, 10)],
    ['own high'],
  ],
  [
    'a provider with a sample, which is one under a generic rule as well',
    [flawedAt(provider, 'high'), at(generic, 0, 10)],
    ['provider high'],
  ],
  [
    'a provider with a sample, which does not replace a longer value of a generic rule',
    [flawedAt(provider, 'high'), at(generic, 0, 12)],
    ['provider high', 'generic medium'],
  ],
  [
    'a flawed generic one, which raises nothing',
    [at(provider, 0, 10), flawedAt(generic, 'critical')],
    ['provider medium'],
  ],
  ['two flawed ones', [flawedAt(provider, 'low'), flawedAt(generic, 'high')], ['provider high']],
]

function resolved(order: readonly Candidate[]): readonly string[] {
  return resolveOverlaps(order).map((kept) => `${kept.rule.id} ${kept.severity}`)
}

describe('resolveOverlaps', () => {
  test.each(rows)('keeps the more specific candidate of %s', (_, candidates, kept) => {
    expect(resolved(candidates)).toEqual(kept)
    expect(resolved(candidates.toReversed()).toSorted()).toEqual(kept.toSorted())
  })

  test('considers overlaps with any part of a credential', () => {
    const pair = candidate(provider, [
      partAt('secret', 100, 'x'.repeat(40)),
      partAt('id', 0, 'x'.repeat(20)),
    ])
    expect(
      resolveOverlaps([pair, at(generic, 5, 10), at(generic, 110, 10), at(generic, 60, 10)]).map(
        (kept) => kept.rule.id,
      ),
    ).toEqual(['provider', 'generic'])
  })

  test('compares neighbours only, however many there are', () => {
    const many = Array.from({ length: 50_000 }, (_, n) => [
      at(provider, 100 * n, 40),
      at(generic, 100 * n, 40),
    ]).flat()
    expect(resolveOverlaps(many)).toHaveLength(50_000)
  })
})
