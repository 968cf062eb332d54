import { describe, expect, test } from 'vitest'
import { BatchParser } from '../../../src/git/objects/cat-file.ts'
import type { GitObject } from '../../../src/git/objects/objects.ts'
import { OVERLAP_BYTES, windowsOf, WINDOW_BYTES } from '../../../src/git/objects/windows.ts'
import { cut, streamOf } from '../../support/pieces.ts'
import { seededRandom } from '../../support/random.ts'

/** Where windows begin and how long they are, and whether they hold what they should. */
async function outline(
  content: Buffer,
  pieces: Iterable<Buffer>,
): Promise<readonly (readonly [start: number, length: number, last: boolean])[]> {
  const all: (readonly [number, number, boolean])[] = []
  for await (const { start, bytes, last } of windowsOf(streamOf(pieces))) {
    expect(Buffer.compare(bytes, content.subarray(start, start + bytes.length))).toBe(0)
    all.push([start, bytes.length, last])
  }
  return all
}

describe('windowsOf', () => {
  test.each([
    ['nothing', 0, [[0, 0, true]]],
    ['a byte', 1, [[0, 1, true]]],
    ['a whole window', WINDOW_BYTES, [[0, WINDOW_BYTES, true]]],
    [
      'a byte more',
      WINDOW_BYTES + 1,
      [
        [0, WINDOW_BYTES, false],
        [WINDOW_BYTES - OVERLAP_BYTES, OVERLAP_BYTES + 1, true],
      ],
    ],
  ])('cuts %s into the windows that cover it', async (_name, size, expected) => {
    const content = Buffer.alloc(size, 'seven 7')
    expect(await outline(content, size === 0 ? [] : [content])).toEqual(expected)
  })

  test('cuts a stream as git cat-file is cut, whatever pieces it comes in', async () => {
    for (const size of [
      WINDOW_BYTES - 1,
      2 * WINDOW_BYTES - OVERLAP_BYTES,
      2 * WINDOW_BYTES + 77,
      3 * WINDOW_BYTES,
    ]) {
      const random = seededRandom(size)
      const content = Buffer.alloc(size, 'no two windows look alike: 13')
      const windows = await outline(
        content,
        cut(content, () => 1 + Math.floor(random() * 700_000)),
      )
      const output = Buffer.concat([
        Buffer.from(`${'a'.repeat(40)} blob ${size}\n`),
        content,
        Buffer.from('\n'),
      ])
      const objects = [...new BatchParser().push(output)] as GitObject[]
      expect(windows).toEqual(objects.map(({ start, bytes, last }) => [start, bytes.length, last]))
    }
  })

  test('keeps the step of UTF-16, as windows begin at even offsets', () => {
    expect([WINDOW_BYTES % 2, OVERLAP_BYTES % 2]).toEqual([0, 0])
  })
})
