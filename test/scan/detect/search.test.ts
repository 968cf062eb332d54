import { describe, expect, test } from 'vitest'
import { searchPattern, type Sighting } from '../../../src/scan/detect/search.ts'
import type { Chunk } from '../../../src/model/model.ts'
import type { RulePart } from '../../../src/model/rule.ts'
import { seededRandom } from '../../support/random.ts'

const part: RulePart = {
  role: 'secret',
  keywords: [{ text: 'KEY=', ignoreCase: false }],
  pattern: /KEY=(?<secret>[a-z]{8})(?![a-z])/dg,
  window: 32,
  minEntropy: 0,
  validator: undefined,
  alone: 'high',
}

function chunkOf(text: string, shift = 0): Chunk {
  const memory = Buffer.alloc(text.length + shift + 8, 'KEY=aaaaaaaa')
  memory.write(text, shift, 'latin1')
  return {
    bytes: memory.subarray(shift, shift + text.length),
    encoding: 'bytes',
    toBlob: (index) => index,
  }
}

function offsetsOf(text: string, keyword: string): readonly number[] {
  return [...text.matchAll(new RegExp(keyword, 'g'))].map(({ index }) => index)
}

function found(text: string, using: RulePart = part, shift = 0): readonly Sighting[] {
  return [...searchPattern(chunkOf(text, shift), using, offsetsOf(text, 'KEY='))]
}

describe('searchPattern', () => {
  test.each([
    ['at the beginning', 'KEY=abcdefgh', [4]],
    ['at the end', 'xx KEY=abcdefgh', [7]],
    ['twice on a line', 'KEY=abcdefgh KEY=ijklmnop', [4, 17]],
    [
      'where windows touch and where they do not',
      `KEY=abcdefgh${' '.repeat(32)}KEY=abcdefgh${' '.repeat(90)}KEY=abcdefgh`,
      [4, 48, 150],
    ],
    ['but not where the pattern does not fit', 'KEY=abc KEY=abcdefghi', []],
    ['but not without a keyword', 'abcdefgh', []],
  ])('finds secrets %s', (_name, text, starts) => {
    for (const shift of [0, 1, 7]) {
      const sightings = found(text, part, shift)
      expect(sightings.map(({ start }) => start)).toEqual(starts)
      for (const { start, end, text: secret } of sightings)
        expect(text.slice(start, end)).toBe(secret)
    }
  })

  test('reads bytes beyond ASCII one character each, so that offsets are bytes', () => {
    const text = '\u00e9\u00ff\u0080 KEY=abcdefgh'
    expect(found(text)).toEqual([{ start: 8, end: 16, text: 'abcdefgh' }])
  })

  test('finds a secret once although several keywords stand around it', () => {
    expect(found('KEY=KEY=KEY=abcdefghKEY=')).toHaveLength(1)
  })

  test('does not loop where a pattern finds an empty secret', () => {
    expect(found('KEY=\nKEY=\n', { ...part, pattern: /KEY=(?<secret>x*)/dg })).toEqual([])
  })

  test('keeps no state between chunks', () => {
    expect(found('KEY=abcdefgh')).toHaveLength(1)
    expect(found('KEY=abcdefgh')).toHaveLength(1)
  })

  test('finds each secret once in megabytes of keywords, across the cuts of joined windows', () => {
    for (const [window, step] of [
      [32, 20],
      [500, 60],
      [4096, 200],
      [16_384, 5000],
    ] as const) {
      const random = seededRandom(window)
      const units: string[] = []
      for (let length = 0; length < 1_000_000; ) {
        const unit = `KEY=${'abcdefgh'}${' '.repeat(Math.floor(random() * step))}\n`
        units.push(unit)
        length += unit.length
      }
      const text = units.join('')
      expect(found(text, { ...part, window }).map(({ start }) => start)).toEqual(
        offsetsOf(text, 'KEY=').map((at) => at + 4),
      )
    }
  })

  test('finds a secret before its keyword, within the window', () => {
    const before: RulePart = { ...part, pattern: /(?<secret>[a-z]{8}) *KEY=/dg }
    expect(found(`abcdefgh${' '.repeat(24)}KEY=`, before)).toHaveLength(1)
    expect(found(`abcdefgh${' '.repeat(25)}KEY=`, before)).toHaveLength(0)
  })
})
