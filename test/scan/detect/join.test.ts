import { describe, expect, test } from 'vitest'
import { joinParts } from '../../../src/scan/detect/join.ts'
import type { Candidate, Part } from '../../../src/model/model.ts'
import { blob, flaw, keyRule, partAt, type RuledPart } from '../../support/parts.ts'
import { rule } from '../../support/result.ts'

/** Each candidate as the texts of its parts, the most important first, with its severity. */
function joined(unsorted: readonly RuledPart[]): readonly string[] {
  const ascending = unsorted.toSorted((a, b) => a.span.start - b.span.start)
  return candidatesOf(ascending)
    .map(({ parts, severity }) => `${textsOf(parts).join('+')} ${severity}`)
    .sort()
}

const textsOf = (parts: readonly Part[]): readonly string[] =>
  parts.map(({ secret }) => secret.reveal())

const id = (start: number, text: string, fields = {}): RuledPart =>
  partAt('id', start, text, fields)
const secret = (start: number, text: string, fields = {}): RuledPart =>
  partAt('secret', start, text, fields)
const token = (start: number, text: string, fields = {}): RuledPart =>
  partAt('token', start, text, { alone: 'never', ...fields })
const unnamed = { alone: 'never' } as const

function candidatesOf(parts: Parameters<typeof joinParts>[0]): readonly Candidate[] {
  const steps = joinParts(parts, blob)
  let step = steps.next()
  while (step.done !== true) step = steps.next()
  return step.value
}

/** The average number of times that `joinParts` reads the span of a part. */
function spanReadsPerPart(count: number): number {
  let reads = 0
  const watched = Array.from({ length: count }, (_, n) => {
    const part = partAt(n % 2 === 0 ? 'id' : 'secret', n * 50, `${n}`)
    const { span } = part
    return Object.defineProperty(part, 'span', { get: () => ((reads += 1), span) })
  })
  expect(candidatesOf(watched)).toHaveLength(count / 2)
  return reads / count
}

describe('joinParts', () => {
  test.each<[string, readonly RuledPart[], readonly string[]]>([
    ['nothing', [], []],
    ['an id alone', [id(0, 'i1')], ['i1 low']],
    ['a secret alone', [secret(0, 's1')], ['s1 high']],
    ['a secret that counts only beside an id', [secret(0, 's1', unnamed)], []],
    ['a token that counts only beside an id', [token(0, 't1')], []],
    ['an id and its secret', [id(0, 'i1'), secret(10, 's1')], ['s1+i1 high']],
    ['a secret before its id', [secret(0, 's1'), id(10, 'i1')], ['s1+i1 high']],
    [
      'an id, its secret and its token',
      [id(0, 'i1'), secret(10, 's1'), token(20, 't1')],
      ['s1+t1+i1 high'],
    ],
    [
      'a token and an id without a secret, with the severity of the id',
      [id(0, 'i1'), token(20, 't1')],
      ['t1+i1 low'],
    ],
    [
      'profiles, one after the other',
      [
        id(0, 'i1'),
        secret(10, 's1'),
        id(30, 'i2'),
        secret(40, 's2'),
        id(60, 'i3'),
        secret(70, 's3'),
      ],
      ['s1+i1 high', 's2+i2 high', 's3+i3 high'],
    ],
    [
      'profiles that name the secret first',
      [secret(0, 's1'), id(10, 'i1'), secret(200, 's2'), id(210, 'i2')],
      ['s1+i1 high', 's2+i2 high'],
    ],
    [
      'all ids first, then all secrets, in the same order',
      [id(0, 'i1'), id(10, 'i2'), secret(20, 's1'), secret(30, 's2')],
      ['s1+i1 high', 's2+i2 high'],
    ],
    [
      'two ids and one secret, which is paired with the nearer',
      [id(0, 'i1'), id(100, 'i2'), secret(110, 's1')],
      ['i1 low', 's1+i2 high'],
    ],
    [
      'one id and two secrets, paired with the one behind it',
      [secret(0, 's1'), id(15, 'i1'), secret(35, 's2')],
      ['s1 high', 's2+i1 high'],
    ],
    [
      'an id that stands twice beside its secret',
      [id(0, 'i1'), secret(10, 's1'), id(30, 'i1'), secret(40, 's1')],
      ['s1+i1 high', 's1+i1 high'],
    ],
    [
      'an id that stands again further down, alone',
      [id(0, 'i1'), secret(10, 's1'), id(500, 'i1')],
      ['s1+i1 high', 's1+i1 high'],
    ],
    [
      'an id never with two secrets',
      [id(0, 'i1'), secret(10, 's1'), id(500, 'i1'), secret(510, 's2')],
      ['s1+i1 high', 's1+i1 high', 's2 high'],
    ],
    ['a secret without a name nearby', [id(0, 'i1'), secret(100, 's1', unnamed)], ['s1+i1 high']],
    ['a secret without a name far away', [id(0, 'i1'), secret(2100, 's1', unnamed)], ['i1 low']],
    [
      'a named secret further away than one without a name',
      [id(0, 'i1'), secret(100, 'noise', unnamed), secret(900, 's1')],
      ['s1+i1 high'],
    ],
    [
      'a named secret much further away than one without a name',
      [id(0, 'i1'), secret(100, 's1', unnamed), secret(9000, 's2')],
      ['s1+i1 high', 's2 high'],
    ],
    [
      'a named secret far away when there is no other',
      [id(0, 'i1'), secret(50_000, 's1')],
      ['s1+i1 high'],
    ],
    [
      'a placeholder before a real secret',
      [id(0, 'i1'), secret(10, 'changeme', flaw), secret(30, 's1')],
      ['changeme high', 's1+i1 high'],
    ],
    [
      'a documented id before a real one',
      [id(0, 'example', flaw), id(10, 'i1'), secret(20, 's1')],
      ['example low', 's1+i1 high'],
    ],
    [
      'placeholders of one credential',
      [id(0, 'example', flaw), secret(10, 'changeme', flaw)],
      ['changeme+example high'],
    ],
  ])('makes credentials of %s', (_name, parts, credentials) => {
    expect(joined(parts)).toEqual([...credentials].sort())
  })

  test('joins parts of one rule only', () => {
    const other = rule({ id: 'other' })
    expect(joined([id(0, 'i1'), secret(10, 's1', { rule: other })])).toEqual(['i1 low', 's1 high'])
  })

  test('explains how each part was found, and how far apart id and secret are', () => {
    const [credential] = candidatesOf([id(0, 'i1'), secret(10, 's1')])
    expect(credential).toMatchObject({
      rule: keyRule,
      blob,
      explanation: ['secret at 10', 'id at 0', 'id and secret stand 8 bytes apart'],
    })
  })

  test('puts every part in one credential, except those that count only beside an id', () => {
    const parts = Array.from({ length: 400 }, (_, n) => [
      id(200 * n, `i${n}`),
      secret(200 * n + 40, `s${n}`),
      ...(n % 3 === 0 ? [token(200 * n + 90, `t${n}`)] : []),
    ]).flat()
    const expected = Array.from(
      { length: 400 },
      (_, n) => `${n % 3 === 0 ? `s${n}+t${n}` : `s${n}`}+i${n} high`,
    )
    expect(joined(parts)).toEqual(expected.sort())
  })

  test('reads each part a bounded number of times, however many there are', () => {
    // Sorting adds a logarithmic factor; comparing all pairs would be ten times as much.
    expect(spanReadsPerPart(20_000)).toBeLessThan(2 * spanReadsPerPart(2000))
  })
})
