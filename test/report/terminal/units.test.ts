import { expect, test } from 'vitest'
import { countOf, formatBytes, formatDuration } from '../../../src/report/terminal/units.ts'

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1000, '1.0 kB'],
  [12_345_678, '12.3 MB'],
  [999_960, '1.0 MB'],
  [5e9, '5.0 GB'],
  [7e15, '7000.0 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test.each([
  [0.4, '0 ms'],
  [99.4, '99 ms'],
  [99.5, '0.1 s'],
  [340, '0.3 s'],
  [1234, '1.2 s'],
  [59_990, '1 min 0 s'],
  [192_000, '3 min 12 s'],
])('%d milliseconds are %s', (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text)
})

test('counts have separators and the right plural', () => {
  expect([countOf(1, 'tree'), countOf(1234, 'tree')]).toEqual(['1 tree', '1,234 trees'])
})
