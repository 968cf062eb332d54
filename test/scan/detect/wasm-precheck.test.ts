import { describe, expect, test } from 'vitest'
import { keywordIndexOf } from '../../../src/scan/detect/keyword-index.ts'
import { WasmPrecheck } from '../../../src/scan/detect/wasm-precheck.ts'
import { gramsOf } from '../../../src/scan/detect/keyword-bytes.ts'
import { createPrefilter } from '../../../src/scan/detect/prefilter.ts'
import { createEngine } from '../../../src/scan/engine.ts'
import { FilterResult } from '../../../src/git/objects/object-filter.ts'
import type { Rule } from '../../../src/model/rule.ts'
import { builtinRules } from '../../../src/rules/load.ts'
import { createObjectFilter, resultForRadius } from '../../../src/scan/object-filter.ts'
import { instantiate } from '../../../src/git/wasm/instantiate.ts'
import { awsPair } from '../../support/credentials.ts'
import { seededRandom } from '../../support/random.ts'
import { base62, base64, randomText } from '../suppress/random-values.ts'

const random = seededRandom(31)
const below = (most: number): number => Math.floor(random() * most)
const oneOf = <T>(values: readonly T[]): T => values[below(values.length)]!

/**
 * The loops that know what all keywords of the rules need, and what they say of a text: -1 where
 * somebody is to be asked.
 */
function taught(rules: readonly Rule[]): (text: string) => number {
  const keywords = keywordIndexOf(rules).map(({ keyword }) => keyword)
  const grams = gramsOf(keywords)
  const instance = instantiate()!
  createPrefilter(keywords, { grams, instance }).settleIn(instance)
  const gate = new WasmPrecheck(keywordIndexOf(rules), grams, resultForRadius)
  gate.settleIn(instance)
  for (let often = 0; often < 16; often += 1)
    gate.hear(keywords.flatMap((_, keyword) => [keyword, 0]))
  return (text) => {
    const from = instance.loops.first() + 64
    const bytes = Buffer.from(text, 'latin1')
    instance.reserve(from + bytes.length + 64, Infinity)
    // What stands around it means nothing, and must not.
    instance.memory().fill(oneOf([0, 34, 65, 92]), from - 64, from + bytes.length + 64)
    instance.memory().set(bytes, from)
    const count = instance.loops.search(from, from + bytes.length)
    return instance.loops.reachOf(from, from + bytes.length, count)
  }
}

const mail = (text: string): string => text.replaceAll('=', '=3D').replaceAll(/.{70}/g, '$&=\n')

/**
 * Pieces of text that are, or nearly are, what rules look for; and what makes it read in another
 * way.
 */
function piece(keywords: readonly string[]): string {
  switch (below(10)) {
    case 0:
      return oneOf(keywords)
    case 1:
      return oneOf(keywords).toUpperCase()
    case 2:
      return randomText(
        random,
        oneOf([base62, base64, 'abcdef0123456789', '-=*#']),
        oneOf([3, 11, 12, 15, 16, 17, 20, 36, 39, 40, 41, 44, 60, 90]),
      )
    case 3:
      return oneOf([
        ' = ',
        ': "',
        "='",
        ' => ',
        ':=',
        '= \\"',
        '"',
        "'",
        '" + "',
        '\\n',
        '\n',
        ' ',
        ', ',
        ' | ',
        ': >-\n  ',
        '=\n',
        '%2F',
        '\\u002f',
        '&plus;',
      ])
    case 4:
      return Buffer.from(
        oneOf([
          `secret = ${randomText(random, base64, 40)}`,
          awsPair(below(50)).id,
          'words that say little',
        ]),
      ).toString('base64')
    case 5:
      return oneOf([awsPair(below(50)).id, awsPair(below(50)).secret])
    case 6:
      return 'x '.repeat(below(300))
    case 7:
      return mail(
        `aws_secret_access_key=${awsPair(below(50)).secret} and some words to go on with on that line`,
      )
    case 8:
      return `${oneOf(keywords)} ${oneOf(['=', ':', '==', ''])} ${oneOf(['"', "'", ''])}${randomText(random, base62, oneOf([14, 16, 24, 40]))}${oneOf(['"', "'", '\n', ''])}`
    default:
      return oneOf([
        'the ',
        'if (',
        ') {',
        '\r\n',
        '/* ',
        ' */',
        'CURLOPT_',
        '\0x',
        '....',
        '\u00e9',
      ])
  }
}

describe.each([
  ['all rules', []],
  ['rules for AWS', ['aws']],
  ['the generic rule', ['generic-secret']],
])('the loops that know what %s need', (_what, selected) => {
  const { rules } = builtinRules(selected)
  const verdictOf = taught(rules)
  const sieve = createObjectFilter(rules, createEngine(rules), 20)
  const keywords = keywordIndexOf(rules).map(({ keyword }) => keyword.text)

  test('say what the rules say where they need not ask', () => {
    let [told, found] = [0, 0]
    for (let round = 0; round < 2500; round += 1) {
      const text = Array.from({ length: 1 + below(12) }, () => piece(keywords)).join('')
      const verdict = verdictOf(text)
      // As of a message: blobs with a NUL are asked about in any case.
      const said = sieve.inspect(Buffer.from(text, 'latin1'), 'commit')
      if (said === FilterResult.found) found += 1
      if (verdict < 0) continue
      told += 1
      expect({ text, said }).toEqual({ text, said: verdict })
    }
    expect(told).toBeGreaterThan(250)
    expect(found).toBeGreaterThan(100)
  })

  test('ask where nothing is known yet', () => {
    const fresh = new WasmPrecheck(
      keywordIndexOf(rules),
      gramsOf(keywordIndexOf(rules).map(({ keyword }) => keyword)),
      resultForRadius,
    )
    const instance = instantiate()!
    fresh.settleIn(instance)
    const from = instance.loops.first()
    const text = Buffer.from(`a ${keywords[0]} b`)
    createPrefilter(
      keywordIndexOf(rules).map(({ keyword }) => keyword),
      { instance },
    ).settleIn(instance)
    instance.memory().set(text, from)
    expect(
      instance.loops.reachOf(
        from,
        from + text.length,
        instance.loops.search(from, from + text.length),
      ),
    ).toBe(-1)
  })
})
