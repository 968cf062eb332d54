import { describe, expect, test } from 'vitest'
import { ConfigError } from '../../src/model/errors.ts'
import { backtrackingFlaw } from '../../src/rules/backtracking.ts'
import { BoundedPattern } from '../../src/rules/bounded-pattern.ts'
import { builtinDefinitions } from '../../src/rules/builtin.ts'
import { TimeLimitError, withinTime } from '../../src/rules/time-limit.ts'

describe('the analysis', () => {
  test.each([
    '(a{1,50}){1,50}b',
    '(?:[a-z]{1,20}[0-9]?){1,30}x',
    '(?=(a{1,20}){1,20}b)c',
    '(?:[a-z]{1,10} ?){1,20}=',
    '^(a+)+$',
    '(?:\\w{0,40}\\s?){0,40};',
  ])('rejects %s', async (source) => {
    expect(await backtrackingFlaw(source, false)).toMatch(
      /^a pattern that takes no exponential time: /,
    )
  })

  test.each([
    '(?<secret>acme_[A-Za-z0-9]{32})(?![A-Za-z0-9])',
    '(?:[a-z]{1,10}-){1,10}x',
    'a{0,100}b{0,100}',
    '(?:key|token)["\' ]{0,5}[:=]["\' ]{0,5}(?<secret>[a-f0-9]{32})',
  ])('accepts %s', async (source) => {
    expect(await backtrackingFlaw(source, true)).toBeUndefined()
  })

  test('accepts nearly all built-in patterns, which are measured instead', async () => {
    const parts = builtinDefinitions.flatMap((definition) =>
      definition.parts.map(({ pattern }) => pattern),
    )
    const flaws = await Promise.all(
      parts.map(({ text, ignoreCase }) => backtrackingFlaw(text, ignoreCase)),
    )
    const refused = flaws.filter((flaw) => flaw !== undefined)
    expect(refused.length / parts.length).toBeLessThan(0.3)
  })
})

describe('a bounded pattern', () => {
  test('matches like a plain RegExp, with indices and from lastIndex on', () => {
    const [bounded, plain] = [new BoundedPattern('(?<secret>a.)', 'dg', 'x'), /(?<secret>a.)/dg]
    for (let round = 0; round < 4; round++) {
      const [one, other] = [bounded.exec('abacad'), plain.exec('abacad')]
      expect([one?.index, one?.indices?.groups, bounded.lastIndex]).toEqual([
        other?.index,
        other?.indices?.groups,
        plain.lastIndex,
      ])
    }
  })

  test('is stopped at its time limit', () => {
    const pattern = new BoundedPattern('(?:a|b|ab){1,200}!', '', 'acme (own.yaml:3)')
    expect(() => pattern.exec(`${'ab'.repeat(100)}?`)).toThrow(
      new ConfigError(
        'acme (own.yaml:3): the pattern takes more than three seconds on a text of 201 characters: make it simpler',
      ),
    )
    expect(pattern.exec('ab!')?.[0]).toBe('ab!')
  })

  test('that the engine cannot build is rejected with a message', () => {
    const pattern = new BoundedPattern(`(?:${'abcdefgh'.repeat(60_000)})|x`, '', 'acme')
    expect(() => pattern.exec('aaa')).toThrow(ConfigError)
  })
})

test('withinTime returns the result of its function, and throws its errors', () => {
  expect(withinTime(1000, () => withinTime(1000, () => 7))).toBe(7)
  expect(() =>
    withinTime(1000, () => {
      throw new RangeError('mine')
    }),
  ).toThrow(new RangeError('mine'))
  expect(() =>
    withinTime(20, () => {
      for (;;) {
        // an endless loop
      }
    }),
  ).toThrow(TimeLimitError)
})
