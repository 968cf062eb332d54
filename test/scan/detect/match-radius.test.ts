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

/** Samples of the rules between noise, sometimes as UTF-16. */
function sampleBytes(seed: number): Buffer {
  const random = seededRandom(seed)
  const templates = shippedDefinitions
    .filter(({ parts }) => parts.length > 0)
    .flatMap(({ examples, counterExamples }) => [...examples, ...counterExamples])
  const texts = Array.from({ length: 3 }, () => {
    const sample = expandSample(templates[Math.floor(random() * templates.length)]!, random).text
    return `${sample}${' lorem ipsum\n'.repeat(Math.floor(random() * 900))}`
  })
  return Buffer.from(texts.join('\n'), random() < 0.3 ? 'utf16le' : 'latin1')
}

describe('matchRadiusOf', () => {
  test('returns the largest radius up to the limit, and the keywords with a larger one', () => {
    const mixed = [
      rule({ parts: [part('near', 16), part('far1', 5000)] }),
      rule({ id: 'other', family: 'other', parts: [part('middle', 100)] }),
    ]
    const [near, middle, far] = [16, 100, 5000].map(
      (window) => matchRadiusOf([rule({ parts: [part('word', window)] })], Infinity).bytes,
    )
    expect(matchRadiusOf(mixed, middle!)).toEqual({
      bytes: middle,
      wideKeywords: [{ text: 'far1', ignoreCase: false }],
    })
    expect(matchRadiusOf(mixed, middle! - 1).bytes).toBe(near)
    expect(matchRadiusOf(mixed, Infinity)).toEqual({ bytes: far, wideKeywords: [] })
    expect(matchRadiusOf(mixed, 0)).toMatchObject({ bytes: 0, wideKeywords: { length: 3 } })
    expect(matchRadiusOf([], 100)).toEqual({ bytes: 0, wideKeywords: [] })
  })

  test('every part is also found in only the bytes within the radius of one keyword', () => {
    const detector = createEngine(rules).detector()
    let checked = 0
    for (let seed = 1; seed <= rounds(120); seed += 1) {
      const bytes = sampleBytes(seed)
      for (const { rule: ofRule, parts } of detector.detect(fileBlob('a', bytes))) {
        for (const { span } of parts) {
          const radius = widthOf(bytes) * matchRadiusOf([ofRule], Infinity).bytes
          const near = bytes.subarray(Math.max(0, span.start - 2 * radius), span.end + 2 * radius)
          const slices = keywordOffsets(near, ofRule.parts).map((at) =>
            near.subarray(Math.max(0, at - radius), at + radius),
          )
          expect(slices.some((slice) => detector.findsAny(slice, 'blob'))).toBe(true)
          checked += 1
        }
      }
    }
    expect(checked).toBeGreaterThan(rounds(200))
  })
})

const aws = rules.filter(({ family }) => family === 'aws-access-key')
const awsKeywords = matchRadiusOf(aws, 0).wideKeywords.map((keyword) => ({
  keyword,
  radius: radiusOf(keyword.text),
}))
const awsDetector = createEngine(rules).detector()

test.each(layouts.map((layout) => [layout.name, layout] as const))(
  'a credential written as %s is found in only the bytes within the radius of one keyword',
  (_name, { render }) => {
    const bytes = Buffer.concat([
      Buffer.alloc(20_000, 'lorem ipsum\n'),
      render(3).bytes,
      Buffer.alloc(20_000, 'lorem ipsum\n'),
    ])
    const radiusIn = (index: number): number => widthOf(bytes) * awsKeywords[index]!.radius
    const slices = keywordHits(
      bytes,
      awsKeywords.map(({ keyword }) => keyword),
    ).map(([index, at]) => bytes.subarray(Math.max(0, at - radiusIn(index)), at + radiusIn(index)))
    expect(slices.every((slice) => slice.length < bytes.length)).toBe(true)
    expect(slices.some((slice) => awsDetector.findsAny(slice, 'blob'))).toBe(true)
  },
)

/** Bytes of a character: two where the text may be UTF-16. */
function widthOf(bytes: Buffer): number {
  return bytes.includes(0) ? UTF16_BYTES : 1
}

/** The radius of a keyword: the lowest limit at which it is not wide. */
function radiusOf(text: string): number {
  let [low, high] = [0, 1 << 17]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (matchRadiusOf(aws, middle).wideKeywords.some((keyword) => keyword.text === text))
      low = middle + 1
    else high = middle
  }
  return low
}

/** Offsets of keywords, with one or two bytes a character. */
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

describe('findsAny', () => {
  const detector = createEngine(rules).detector()
  const { id, secret } = awsPair(31)

  test.each<[string, Buffer, boolean]>([
    ['a secret', Buffer.from(`aws_secret_access_key = ${secret}`), true],
    ['a secret in UTF-16', Buffer.from(`aws_secret_access_key = ${secret}`, 'utf16le'), true],
    ['a lone id', Buffer.from(`key ${id}`), true],
    ['a secret that counts only beside an id', Buffer.from(`AKIA '${secret}'`), true],
    [
      'a secret with a flaw',
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
  ])('is right about %s, and leaves no parts behind', (_name, bytes, expected) => {
    expect(detector.findsAny(bytes, 'blob')).toBe(expected)
    expect(detector.end()).toEqual([])
  })

  test('reads UTF-16 only where detect does', () => {
    const wide = Buffer.from(`aws_secret_access_key = ${secret}`, 'utf16le')
    expect(detector.findsAny(wide, 'tree')).toBe(false)
  })

  test('is true wherever detect returns candidates, in samples of all rules', () => {
    // Parts that count only beside an id are found, but become no candidates.
    const withCandidates = Array.from({ length: 100 }, (_, at) => sampleBytes(200 + at)).filter(
      (bytes) => detector.detect(fileBlob('a', bytes)).length > 0,
    )
    expect(withCandidates.length).toBeGreaterThan(50)
    expect(withCandidates.filter((bytes) => !detector.findsAny(bytes, 'blob'))).toEqual([])
  })
})
