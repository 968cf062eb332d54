import { expect, test } from 'vitest'
import {
  createPrefilter,
  slowPrefilter,
  type Prefilter,
} from '../../../src/scan/detect/prefilter.ts'
import type { Keyword } from '../../../src/model/rule.ts'
import { BEFORE_TOKEN } from '../../../src/rules/token-border.ts'
import { shippedDefinitions } from '../../support/definitions.ts'
import { expandSample } from '../../../src/rules/samples/sample.ts'
import { encoded } from '../../support/negatives/encoded.ts'
import { hashes } from '../../support/negatives/hashes.ts'
import { names, settings } from '../../support/negatives/names.ts'
import { besideOf } from '../../support/beside.ts'
import { seededRandom } from '../../support/random.ts'

const keywords: readonly Keyword[] = shippedDefinitions.flatMap((definition) =>
  definition.parts.flatMap((part) => part.keywords),
)
const fast = createPrefilter(keywords)
const slow = slowPrefilter(keywords)

function hitsOf(prefilter: Prefilter, text: string): readonly string[] {
  const hits: number[] = []
  prefilter.search(Buffer.from(text, 'latin1'), hits)
  return Array.from(
    { length: hits.length / 2 },
    (_, index) => `${hits[2 * index]} ${hits[2 * index + 1]}`,
  ).sort()
}

test.each([
  [
    'samples of rules',
    shippedDefinitions.flatMap(({ examples, counterExamples }) => [
      ...examples,
      ...counterExamples,
    ]),
  ],
  ['texts without a secret', [...encoded, ...hashes, ...names, ...settings]],
] as const)(
  'the fast and the slow prefilter find the same keywords of all rules in %s',
  (_, templates) => {
    const random = seededRandom(51)
    const texts = templates.map((template) => expandSample(template, random).text)
    let found = 0
    for (const text of [...texts, texts.join('\n')]) {
      const hits = hitsOf(slow, text)
      found += hits.length
      expect(hitsOf(fast, text)).toEqual(hits)
    }
    expect(found).toBeGreaterThan(100)
  },
)

test('every keyword is found at the start and at the end of a text', () => {
  keywords.forEach((keyword, index) => {
    const border = keyword.isStart ? '=' : ''
    const whole = `${border}${keyword.text}${besideOf(keyword)}`
    for (const text of [whole, `${whole} behind`, `before ${whole}`]) {
      expect(hitsOf(fast, text)).toContain(`${index} ${text.indexOf(keyword.text)}`)
    }
  })
})

test('the start of a token is a keyword only behind a border', () => {
  const starts = [{ text: 'zq_', ignoreCase: false, isStart: true }] as const
  const [fastStarts, slowStarts] = [createPrefilter(starts), slowPrefilter(starts)]
  const chars = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code))
  const found = chars.filter((char) => hitsOf(slowStarts, `..${char}zq_..`).length > 0)
  expect(found.join('')).toBe([...BEFORE_TOKEN].sort().join(''))
  expect(chars.filter((char) => hitsOf(fastStarts, `..${char}zq_..`).length > 0)).toEqual(found)
})
