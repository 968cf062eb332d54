import { describe, expect, test } from 'vitest'
import { UTF16_BYTES } from '../../../src/scan/detect/chunks.ts'
import { slowPrefilter } from '../../../src/scan/detect/prefilter.ts'
import { matchRadiusOf } from '../../../src/scan/detect/match-radius.ts'
import { createEngine } from '../../../src/scan/engine.ts'
import { shippedDefinitions } from '../../support/definitions.ts'
import { compileRule } from '../../../src/rules/compile.ts'
import type { Keyword, RulePart } from '../../../src/model/rule.ts'
import { expandSample } from '../../../src/rules/samples/sample.ts'
import { awsPair } from '../../support/credentials.ts'
import { layouts } from '../../support/layouts/all.ts'
import { seededRandom } from '../../support/random.ts'
import { rule } from '../../support/result.ts'
import { fileBlob } from '../../support/source.ts'
import { rounds } from '../../support/rounds.ts'

const rules = shippedDefinitions.map(compileRule)

function part(keyword: string, window: number): RulePart {
  return {
    role: 'secret',
    keywords: [{ text: keyword, ignoreCase: false }],
    pattern: /(?<secret>x)/dg,
    window,
    minEntropy: 0,
    validator: undefined,
    alone: 'high',
  }
}

/** Texts of the rules' samples between noise, some of them as UTF-16. */
function sampleBytes(seed: number): Buffer {
  const random = seededRandom(seed)
  const templates = shippedDefinitions
    .filter(({ parts }) => parts.length > 0)
    .flatMap((one) => [...one.examples, ...one.counterExamples])
  const texts = Array.from(
    { length: 3 },
    () =>
      `${expandSample(templates[Math.floor(random() * templates.length)]!, random).text}${' lorem ipsum\n'.repeat(Math.floor(random() * 900))}`,
  )
  return Buffer.from(texts.join('\n'), random() < 0.3 ? 'utf16le' : 'latin1')
}

describe('reachOf', () => {
  test('gives the largest reach up to the bound, and the keywords of what reaches farther', () => {
    const some = [
      rule({ parts: [part('near', 16), part('far1', 5000)] }),
      rule({ id: 'other', family: 'other', parts: [part('mean', 100)] }),
    ]
    const [near, mean, far] = [16, 100, 5000].map(
      (window) => matchRadiusOf([rule({ parts: [part('word', window)] })], Infinity).bytes,
    )
    expect(matchRadiusOf(some, mean!)).toEqual({
      bytes: mean,
      wide: [{ text: 'far1', ignoreCase: false }],
    })
    expect(matchRadiusOf(some, mean! - 1).bytes).toBe(near)
    expect(matchRadiusOf(some, Infinity)).toEqual({ bytes: far, wide: [] })
    expect(matchRadiusOf(some, 0)).toMatchObject({ bytes: 0, wide: { length: 3 } })
    expect(matchRadiusOf([], 100)).toEqual({ bytes: 0, wide: [] })
  })

  test('says on which bytes it hangs what is found: those around a keyword alone show it too', () => {
    const detector = createEngine(rules).detector()
    let seen = 0
    for (let seed = 1; seed <= rounds(120); seed += 1) {
      const bytes = sampleBytes(seed)
      for (const { rule: ofRule, parts } of detector.detect(fileBlob('a', bytes))) {
        for (const { span } of parts) {
          const reach = widthOf(bytes) * matchRadiusOf([ofRule], Infinity).bytes
          const near = bytes.subarray(Math.max(0, span.start - 2 * reach), span.end + 2 * reach)
          const slices = keywordOffsets(near, ofRule.parts).map((at) =>
            near.subarray(Math.max(0, at - reach), at + reach),
          )
          expect(slices.some((slice) => detector.sights(slice, 'blob'))).toBe(true)
          seen += 1
        }
      }
    }
    expect(seen).toBeGreaterThan(rounds(200))
  })
})

const aws = rules.filter(({ family }) => family === 'aws-access-key')
const anchors = matchRadiusOf(aws, 0).wide.map((keyword) => ({
  keyword,
  reach: narrowest(keyword.text),
}))
const scout = createEngine(rules).detector()

test.each(layouts.map((layout) => [layout.name, layout] as const))(
  'a credential written as %s is sighted in the bytes around one keyword alone, as far as that reaches',
  (_name, { render }) => {
    const bytes = Buffer.concat([
      Buffer.alloc(20_000, 'lorem ipsum\n'),
      render(3).bytes,
      Buffer.alloc(20_000, 'lorem ipsum\n'),
    ])
    const reachIn = (index: number): number => widthOf(bytes) * anchors[index]!.reach
    const slices = keywordHits(
      bytes,
      anchors.map(({ keyword }) => keyword),
    ).map(([index, at]) => bytes.subarray(Math.max(0, at - reachIn(index)), at + reachIn(index)))
    expect(slices.every((slice) => slice.length < bytes.length)).toBe(true)
    expect(slices.some((slice) => scout.sights(slice, 'blob'))).toBe(true)
  },
)

/** Bytes of a character, where one can be two. */
function widthOf(bytes: Buffer): number {
  return bytes.includes(0) ? UTF16_BYTES : 1
}

/** The least bound with which a keyword is not among the wide ones. */
function narrowest(text: string): number {
  let [low, high] = [0, 1 << 17]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (matchRadiusOf(aws, middle).wide.some((keyword) => keyword.text === text)) low = middle + 1
    else high = middle
  }
  return low
}

/** Where keywords stand in bytes, one or two bytes a character. */
function keywordOffsets(bytes: Buffer, parts: readonly RulePart[]): readonly number[] {
  return keywordHits(
    bytes,
    parts.flatMap(({ keywords }) => keywords),
  ).map(([, at]) => at)
}

function keywordHits(
  bytes: Buffer,
  keywords: readonly Keyword[],
): readonly (readonly [index: number, at: number])[] {
  const prefilter = slowPrefilter(keywords)
  return [
    [1, 0],
    [2, 0],
    [2, 1],
  ].flatMap(([step = 1, first = 0]) => {
    const hits: number[] = []
    prefilter.search(
      step === 1
        ? bytes
        : Buffer.from(
            Array.from(
              { length: (bytes.length - first) >> 1 },
              (_, at) => bytes[first + 2 * at] ?? 0,
            ),
          ),
      hits,
    )
    return hits.flatMap((index, at) =>
      at % 2 === 0 ? [[index, first + step * (hits[at + 1] ?? 0)] as const] : [],
    )
  })
}

describe('sights', () => {
  const detector = createEngine(rules).detector()
  const { id, secret } = awsPair(31)

  test.each<[string, Buffer, boolean]>([
    ['a secret', Buffer.from(`aws_secret_access_key = ${secret}`), true],
    ['a secret in UTF-16', Buffer.from(`aws_secret_access_key = ${secret}`, 'utf16le'), true],
    ['a lone id', Buffer.from(`key ${id}`), true],
    ['a secret that counts only beside an id', Buffer.from(`AKIA '${secret}'`), true],
    [
      'one whose value rules it out',
      Buffer.from(`aws_secret_access_key = ${'0123456789abcdef'.repeat(3).slice(0, 40)}`),
      true,
    ],
    ['a keyword alone', Buffer.from('aws_secret_access_key = ${SECRET}'), false],
    [
      'every second byte of other text',
      Buffer.from(`aws_secret_access_key = ${secret}\0`.replaceAll(/[^\0]/g, '$&x')),
      false,
    ],
    ['nothing', Buffer.alloc(0), false],
  ])('answers for %s, and keeps nothing', (_name, bytes, expected) => {
    expect(detector.sights(bytes, 'blob')).toBe(expected)
    expect(detector.end()).toEqual([])
  })

  test('reads UTF-16 only where detect does', () => {
    const wide = Buffer.from(`aws_secret_access_key = ${secret}`, 'utf16le')
    expect(detector.sights(wide, 'tree')).toBe(false)
  })

  test('agrees with what detect keeps, in samples of all rules', () => {
    // Parts that count only beside an id are sighted, and yet no candidates.
    const kept = Array.from({ length: 100 }, (_, at) => sampleBytes(200 + at)).filter(
      (bytes) => detector.detect(fileBlob('a', bytes)).length > 0,
    )
    expect(kept.length).toBeGreaterThan(50)
    expect(kept.filter((bytes) => !detector.sights(bytes, 'blob'))).toEqual([])
  })
})
