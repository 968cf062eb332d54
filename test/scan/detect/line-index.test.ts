import { describe, expect, test } from 'vitest'
import { FIRST_LINE, LineIndex } from '../../../src/scan/detect/line-index.ts'
import { seededRandom } from '../../support/random.ts'
import { rounds } from '../../support/rounds.ts'

/** Counts the line feeds before the offset, and finds the last of them. */
function counted(
  bytes: Buffer,
  offset: number,
): { readonly line: number; readonly lineStart: number } {
  const before = bytes.subarray(0, offset)
  return {
    line: before.filter((byte) => byte === 10).length + 1,
    lineStart: before.lastIndexOf(10) + 1,
  }
}

describe('LineIndex', () => {
  test.each(['', 'a', '\n', 'a\n', '\na', '\n\n\n', 'a\nbc\n\nd', '\r\nx\r\n'])(
    'counts the lines of %j',
    (text) => {
      const bytes = Buffer.from(text)
      const lines = new LineIndex(bytes, 0, FIRST_LINE)
      for (let offset = 0; offset <= bytes.length; offset += 1)
        expect(lines.locate(offset)).toEqual(counted(bytes, offset))
    },
  )

  test('counts the lines of random bytes in several windows', () => {
    for (let seed = 1; seed <= rounds(60); seed += 1) {
      const random = seededRandom(seed)
      const bytes = Buffer.from(
        Array.from({ length: 200 }, () => (random() < 0.2 ? 10 : 65 + Math.floor(random() * 20))),
      )
      let line = FIRST_LINE
      let lines = new LineIndex(bytes.subarray(0, 0), 0, line)
      for (let start = 0; start < bytes.length; ) {
        line = lines.locate(start)
        const length = 20 + Math.floor(random() * 80)
        lines = new LineIndex(bytes.subarray(start, start + length), start, line)
        for (let offset = start; offset < Math.min(bytes.length, start + length); offset += 1)
          expect(lines.locate(offset)).toEqual(counted(bytes, offset))
        start += length - Math.floor(random() * 20)
      }
    }
  })
})
