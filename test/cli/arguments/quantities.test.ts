import { describe, expect, test } from 'vitest'
import { parseCount, parseDuration, parseSize } from '../../../src/cli/arguments/quantities.ts'
import { UsageError } from '../../../src/model/errors.ts'

const wrong = [
  '',
  ' ',
  '-1',
  '+1',
  '1.5',
  '1e3',
  '0x10',
  '1 k',
  '1kb',
  '1k ',
  '٣',
  '9'.repeat(20),
  'NaN',
  'Infinity',
]

describe('parseCount', () => {
  test.each([
    ['1', 1],
    ['8', 8],
    ['256', 256],
    ['010', 10],
  ])('parses %s as %i', (text, expected) => {
    expect(parseCount('jobs', text)).toBe(expected)
  })

  test.each([...wrong, '0', '257', '1k'])('refuses %j', (text) => {
    expect(() => parseCount('jobs', text)).toThrow(
      new UsageError(`--jobs takes a whole number from 1 to 256, not "${text}"`),
    )
  })
})

describe('parseSize', () => {
  test.each([
    ['1', 1],
    ['4096', 4096],
    ['10k', 10_240],
    ['10K', 10_240],
    ['10m', 10_485_760],
    ['1g', 1_073_741_824],
  ])('parses %s as %i bytes', (text, expected) => {
    expect(parseSize('max-blob-size', text)).toBe(expected)
  })

  test.each([...wrong, '0', '0k', '1t', '1s', '999999999999999g'])('refuses %j', (text) => {
    expect(() => parseSize('max-blob-size', text)).toThrow(UsageError)
  })
})

describe('parseDuration', () => {
  test.each([
    ['1', 1000],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['2H', 7_200_000],
    ['596h', 2_145_600_000],
  ])('parses %s as %i ms', (text, expected) => {
    expect(parseDuration('deadline', text)).toBe(expected)
  })

  test.each([...wrong, '0', '0s', '1d', '1k', '597h'])('refuses %j', (text) => {
    expect(() => parseDuration('deadline', text)).toThrow(UsageError)
  })
})
