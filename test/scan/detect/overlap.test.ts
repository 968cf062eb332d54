import { describe, expect, test } from 'vitest'
import { overlap } from '../../../src/scan/detect/overlap.ts'
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
    'a generic one that is worse, whose severity it takes',
    [at(generic, 0, 10, 'critical'), at(provider, 0, 10)],
    ['provider critical'],
  ],
  [
    'two generic ones, of which the one that read the file as what it is',
    [at(searched, 0, 10), at(generic, 0, 10)],
    ['generic medium'],
  ],
  [
    'a generic one that is less',
    [at(generic, 0, 10, 'low'), at(provider, 0, 10)],
    ['provider medium'],
  ],
  [
    'two providers, of which the longer is kept',
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
    'two providers of the same length, of which the worse is kept',
    [at(provider, 0, 10, 'high'), at(another, 0, 10)],
    ['provider high'],
  ],
  [
    'two that are alike, of which one is kept by its id',
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
    "a rule of the user's around others, which hides none of them",
    [at(own, 0, 50), at(provider, 5, 10), at(generic, 30, 10)],
    ['own medium', 'provider medium', 'generic medium'],
  ],
  [
    "a rule of the user's on the same bytes as a provider's",
    [at(own, 0, 10, 'high'), at(provider, 0, 10)],
    ['provider high'],
  ],
  [
    "a rule of the user's on the same bytes as a generic one",
    [at(generic, 0, 10, 'high'), at(own, 0, 10)],
    ['own high'],
  ],
  [
    'a flawed provider, which says nothing of what a generic rule reads',
    [flawedAt(provider, 'high'), at(generic, 0, 10)],
    ['provider high', 'generic medium'],
  ],
  [
    'a flawed generic one, which raises nothing',
    [at(provider, 0, 10), flawedAt(generic, 'critical')],
    ['provider medium'],
  ],
  ['two flawed ones', [flawedAt(provider, 'low'), flawedAt(generic, 'high')], ['provider high']],
]

function said(order: readonly Candidate[]): readonly string[] {
  return overlap(order).map((one) => `${one.rule.id} ${one.severity}`)
}

describe('overlap', () => {
  test.each(rows)('keeps what knows more of %s', (_, candidates, kept) => {
    expect(said(candidates)).toEqual(kept)
    expect(said(candidates.toReversed()).toSorted()).toEqual(kept.toSorted())
  })

  test('sees an overlap with any part of a credential', () => {
    const pair = candidate(provider, [
      partAt('secret', 100, 'x'.repeat(40)),
      partAt('id', 0, 'x'.repeat(20)),
    ])
    expect(
      overlap([pair, at(generic, 5, 10), at(generic, 110, 10), at(generic, 60, 10)]).map(
        (one) => one.rule.id,
      ),
    ).toEqual(['provider', 'generic'])
  })

  test('compares neighbours only, however many there are', () => {
    const many = Array.from({ length: 50_000 }, (_, n) => [
      at(provider, 100 * n, 40),
      at(generic, 100 * n, 40),
    ]).flat()
    expect(overlap(many)).toHaveLength(50_000)
  })
})
