import { describe, expect, test } from 'vitest'
import {
  createPrefilter,
  type Prefilter,
  slowPrefilter,
} from '../../../src/scan/detect/prefilter.ts'
import { instantiate } from '../../../src/git/wasm/instantiate.ts'
import type { Keyword } from '../../../src/model/rule.ts'
import { builtinRules } from '../../../src/rules/load.ts'
import { seededRandom } from '../../support/random.ts'
import { besideOf } from '../../support/beside.ts'
import { isFullRun, rounds } from '../../support/rounds.ts'

const builtin: readonly Keyword[] = builtinRules().rules.flatMap((rule) =>
  rule.parts.flatMap((part) => part.keywords),
)

function plain(text: string): Keyword {
  return { text, ignoreCase: false }
}

function folded(text: string): Keyword {
  return { text, ignoreCase: true }
}

type BothResults = (
  bytes: Uint8Array,
) => readonly [fast: readonly string[], slow: readonly string[]]

/**
 * The results of both prefilters, sorted, as "keyword@offset". The fast one has to find the same in
 * bytes that it copies and in bytes that lie in the memory of a shared instance.
 */
function bothFor(keywords: readonly Keyword[]): BothResults {
  const resultsOf =
    ({ search }: Prefilter) =>
    (bytes: Uint8Array): readonly string[] => {
      const pairs: number[] = []
      search(bytes, pairs)
      return Array.from(
        { length: pairs.length / 2 },
        (_, at) => `${keywords[pairs[2 * at]!]!.text}@${pairs[2 * at + 1]}`,
      ).sort()
    }
  const prefilter = createPrefilter(keywords)
  prefilter.shareMemory(shared)
  const [fast, slow] = [resultsOf(prefilter), resultsOf(slowPrefilter(keywords))]
  return (bytes) => {
    const copied = fast(bytes)
    expect(fast(inSharedMemory(bytes))).toEqual(copied)
    return [copied, slow(bytes)]
  }
}

/** One instance for all tests: grams that earlier ones added only make more candidates. */
const shared = instantiate()!

/** The bytes in the memory of the shared instance, between other bytes that must not count. */
function inSharedMemory(bytes: Uint8Array): Uint8Array {
  const at = shared.loops.firstFree() + 64
  shared.reserve(at + bytes.length + 64, Infinity)
  shared.memory().fill(65, at - 64, at + bytes.length + 64)
  shared.memory().set(bytes, at)
  return shared.memory().subarray(at, at + bytes.length)
}

/**
 * The same bytes as a view that begins at an odd or even place in larger memory, with bytes around
 * it that must not count.
 */
function shifted(bytes: Uint8Array, by: number, around: string): Uint8Array {
  const memory = Buffer.alloc(bytes.length + 64, around)
  memory.set(bytes, by)
  return new Uint8Array(memory.buffer, memory.byteOffset + by, bytes.length)
}

function randomCase(text: string, random: () => number): string {
  return Array.from(text, (char) =>
    random() < 0.5 ? char.toUpperCase() : char.toLowerCase(),
  ).join('')
}

/** All keywords nightly; otherwise one of each length and each set of conditions. */
const shapes = [
  ...new Map(
    builtin.map((keyword) => {
      const { text, ignoreCase, isStart, beside } = keyword
      return [isFullRun ? keyword : `${text.length} ${ignoreCase} ${isStart} ${beside}`, keyword]
    }),
  ).values(),
]

describe('createPrefilter finds the same as slowPrefilter', () => {
  test('with keywords of the rules at every offset of short text, at both ends too', () => {
    for (const keyword of shapes) {
      const both = bothFor([keyword])
      const border = keyword.isStart ? '"' : ''
      for (let before = 0; before < 9; before += 1) {
        for (let after = 0; after < 4; after += 1) {
          const bytes = Buffer.from(
            `${'.'.repeat(before)}${border}${keyword.text}${besideOf(keyword)}${'.'.repeat(after)}`,
          )
          const [fast, slow] = both(shifted(bytes, before % 3, keyword.text))
          expect(slow).toEqual([`${keyword.text}@${before + border.length}`])
          expect(fast).toEqual(slow)
        }
      }
    }
  })

  test('with a keyword cut off at either end, which is none', () => {
    for (const keyword of shapes) {
      const both = bothFor([keyword])
      for (let cut = 1; cut < keyword.text.length; cut += 1) {
        for (const part of [keyword.text.slice(cut), keyword.text.slice(0, -cut)]) {
          for (const by of [0, 1])
            expect(both(shifted(Buffer.from(part), by, keyword.text))).toEqual([[], []])
        }
      }
    }
  })

  test('in thousands of random texts made of keywords, pieces of them and noise', () => {
    const random = seededRandom(31)
    const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!
    const both = bothFor(builtin)
    for (let round = 0; round < rounds(4000); round += 1) {
      const text = Array.from({ length: Math.floor(random() * 12) }, () => {
        const { text: keyword } = pick(builtin)
        const from = Math.floor(random() * keyword.length)
        return pick([
          keyword,
          randomCase(keyword, random),
          keyword.slice(from),
          keyword.slice(0, from),
          '\0',
          '="7bird-Seven"',
          '://tom:7bird@h',
          '\u00ff\u0080',
          ' ',
          'x',
          String.fromCharCode(Math.floor(random() * 256)),
        ])
      }).join('')
      const bytes = shifted(
        Buffer.from(text, 'latin1'),
        Math.floor(random() * 4),
        pick(builtin).text,
      )
      const [fast, slow] = both(bytes)
      expect(fast, `round ${round}: ${JSON.stringify(text)}`).toEqual(slow)
    }
  })

  test('with random keywords over a small alphabet, which overlap themselves and each other', () => {
    const random = seededRandom(32)
    const draw = (length: number): string =>
      Array.from({ length }, () => 'abAB_1'[Math.floor(random() * 6)]).join('')
    for (let round = 0; round < rounds(300); round += 1) {
      const keywords = Array.from({ length: 1 + Math.floor(random() * 6) }, () => ({
        text: draw(4 + Math.floor(random() * 4)),
        ignoreCase: random() < 0.5,
      }))
      const both = bothFor(keywords)
      for (let text = 0; text < 5; text += 1) {
        const [fast, slow] = both(
          shifted(Buffer.from(draw(Math.floor(random() * 200))), Math.floor(random() * 4), 'ab'),
        )
        expect(fast, `${JSON.stringify(keywords)}`).toEqual(slow)
      }
    }
  })

  test.each([
    [
      'one keyword in another',
      [plain('secret'), plain('cret'), folded('SECRETS')],
      'my secrets, SeCrEtS',
    ],
    ['keywords that overlap themselves', [plain('aaaa'), folded('bbbb')], 'aaaaaaaBbBbBb'],
    ['keywords one after the other', [plain('AKIA'), plain('ASIA')], 'AKIAASIAAKIAAKIA'],
    [
      'keywords with a common beginning',
      [plain('ghp_'), plain('ghp_a'), plain('gho_')],
      'ghp_a ghp_ gho_ ghp',
    ],
    [
      'the same keyword with and without case',
      [plain('Token'), folded('token')],
      'token Token TOKEN',
    ],
    [
      'characters that differ by one bit from a letter',
      [folded('k@[{'), folded('_1`~')],
      'K@[{ k`{[ k@[{ _1`~ \u007f1@~ _\u0011`~',
    ],
    ['no keyword at all', [], 'nothing'],
    ['bytes beyond ASCII', [folded('kelvin')], '\u212Aelvin Kelvin \u017Felvin'],
  ] as const)('with %s', (_name, keywords, text) => {
    const both = bothFor(keywords)
    for (const by of [0, 1, 2, 3]) {
      const [fast, slow] = both(shifted(Buffer.from(text), by, 'AKIAtoken'))
      expect(fast).toEqual(slow)
    }
  })

  test('and nothing in no bytes', () => {
    for (const by of [0, 1])
      expect(bothFor(builtin)(shifted(new Uint8Array(0), by, 'AKIA'))).toEqual([[], []])
  })
})
