import { expect, test } from 'vitest'
import type { Finding } from '../../../src/model/model.ts'
import { FindingSet } from '../../../src/scan/findings/merge.ts'
import { base62, base64, randomKeyId, randomText, seeded } from '../suppress/random-values.ts'
import { findingOf, originOf, partOf, ruleOf, spanAt } from './made-findings.ts'
import { rounds } from '../../support/rounds.ts'

const random = seeded(17)
const id = randomKeyId(random)
const secret = randomText(random, base64, 40)

function mergedOf(...findings: readonly Finding[]): Finding {
  const set = new FindingSet()
  for (const finding of findings) set.add(finding)
  expect(set.size).toBe(1)
  return set.findings()[0]!
}

const alone = findingOf([partOf('secret', secret, { facts: { region: 'here' } })], {
  severity: 'medium',
})
const pair = findingOf([partOf('id', id, { facts: { account: '1' } }), partOf('secret', secret)], {
  severity: 'high',
})
const exposed = findingOf([partOf('secret', secret, { found: 'under a public prefix' })], {
  severity: 'critical',
  origins: [originOf('page.js')],
})

test('one key in forty versions of a file is one finding with forty places', () => {
  const versions = Array.from({ length: 40 }, (_, index) =>
    findingOf([partOf('secret', secret)], {
      origins: [originOf('a.env', { object: String(index) })],
    }),
  )
  const set = new FindingSet()
  expect(versions.map((finding) => set.add(finding))).toEqual([
    true,
    ...Array.from({ length: 39 }, () => false),
  ])
  expect(
    set.findings().map((finding) => finding.places.map((place) => place.origin.object)),
  ).toEqual([versions.map((_, index) => String(index))])
})

test('equal places are kept once', () => {
  expect(mergedOf(alone, alone, alone).places).toHaveLength(1)
})

test.each([
  ['its path', { origins: [originOf('b.txt')] }],
  ['its object', { origins: [originOf('a.txt', { object: '1' })] }],
  ['its commit', { origins: [originOf('a.txt', { commit: '1' })] }],
  ['its kind', { origins: [originOf('a.txt', { kind: 'file' })] }],
  [
    'the bytes of its path',
    { origins: [originOf('a.txt', { path: { text: 'a.txt', bytes: Uint8Array.of(97) } })] },
  ],
] as const)('places differ by %s', (_, more) => {
  expect(mergedOf(alone, findingOf([partOf('secret', secret)], more)).places).toHaveLength(2)
})

test('places with different spans are different', () => {
  expect(
    mergedOf(alone, findingOf([partOf('secret', secret, { span: spanAt(50) })])).places,
  ).toHaveLength(2)
})

test.each([
  ['whichever comes first', alone, pair],
  ['the other way round', pair, alone],
])('the richer finding is kept, with the facts of both: %s', (_, first, second) => {
  const finding = mergedOf(first, second)
  expect(finding.parts.map((part) => part.role)).toEqual(['id', 'secret'])
  expect(finding.severity).toBe('high')
  expect(finding.facts).toEqual({ account: '1', region: 'here' })
  expect(finding.explanation).toEqual(pair.explanation)
})

test.each([
  ['whichever comes first', pair, exposed],
  ['the other way round', exposed, pair],
])('the higher severity is kept, with its explanation: %s', (_, first, second) => {
  const finding = mergedOf(first, second)
  expect(finding.severity).toBe('critical')
  expect(finding.parts).toHaveLength(2)
  expect(finding.explanation).toEqual([...pair.explanation, 'under a public prefix'])
})

test('of two rules of a family the one that knows its provider is kept', () => {
  const generic = findingOf([partOf('secret', secret)], {
    rule: ruleOf({ id: 'a-generic', generic: true }),
    severity: 'high',
  })
  const specific = findingOf([partOf('secret', secret)], {
    rule: ruleOf({ id: 'z-specific' }),
    severity: 'high',
  })
  expect(
    [mergedOf(generic, specific), mergedOf(specific, generic)].map((finding) => finding.rule.id),
  ).toEqual(['z-specific', 'z-specific'])
})

/** The findings without the order of their places. */
function shown(findings: readonly Finding[]): unknown {
  return findings.map(({ places, ...rest }) => ({
    ...rest,
    places: places.map((place) => JSON.stringify(place)).sort(),
  }))
}

test('the order of arrival changes only the order of places', () => {
  const all = [
    alone,
    pair,
    exposed,
    ...Array.from({ length: 20 }, (_, index) =>
      findingOf([partOf('secret', randomText(random, base62, 30))], {
        origins: [originOf(`${String(index % 5)}.txt`)],
      }),
    ),
  ]
  const expected = new FindingSet()
  for (const finding of all) expected.add(finding)
  for (let round = 0; round < rounds(20); round++) {
    const set = new FindingSet()
    for (const finding of all
      .map((one) => [random(), one] as const)
      .sort(([a], [b]) => a - b)
      .map(([, one]) => one))
      set.add(finding)
    expect(JSON.stringify(shown(set.findings()))).toBe(JSON.stringify(shown(expected.findings())))
  }
})

test('returned findings do not change when others are added later', () => {
  const set = new FindingSet()
  set.add(alone)
  const before = set.findings()
  set.add(exposed)
  expect(before[0]?.places).toHaveLength(1)
  expect(before[0]?.severity).toBe('medium')
  expect(alone.places).toHaveLength(1)
})

const inFile = (keyId: string, path: string): Finding =>
  findingOf([partOf('secret', secret), partOf('id', keyId)], { origins: [originOf(path)] })

test('one secret with two ids names one of them, keeps the other, and has the places of both', () => {
  const otherId = randomKeyId(random)
  const [one, two] = [inFile(id, 'a.py'), inFile(otherId, 'b.py')]
  for (const merged of [mergedOf(one, two), mergedOf(two, one), mergedOf(one, two, alone, one)]) {
    const named = merged.parts.filter(({ role }) => role === 'id')
    const others = merged.otherIds ?? []
    expect(named).toHaveLength(1)
    expect([...named, ...others].map((part) => part.secret.reveal()).toSorted()).toEqual(
      [id, otherId].toSorted(),
    )
    expect(new Set(merged.places.map(({ origin }) => origin.path?.text))).toContain('b.py')
    expect(new Set(merged.places.map(({ origin }) => origin.path?.text))).toContain('a.py')
  }
  expect(mergedOf(one, two).otherIds?.map(({ redacted }) => redacted)).toEqual(
    mergedOf(two, one).otherIds?.map(({ redacted }) => redacted),
  )
})
