import { describe, expect, test } from 'vitest'
import { linesOf } from '../../../src/git/objects/lines.ts'
import { gathered, streamOf, waysToCut } from '../../support/pieces.ts'
import { seededRandom } from '../../support/random.ts'

describe('linesOf', () => {
  test.each([
    ['', []],
    ['a', ['a']],
    ['a\n', ['a']],
    ['a\nb', ['a', 'b']],
    ['a\n\nb\n', ['a', '', 'b']],
    ['\n', ['']],
    ['first line\nsecond line\nthird line\n', ['first line', 'second line', 'third line']],
  ])('gives the lines of %j however it is cut', async (text, lines) => {
    for (const [how, pieces] of waysToCut(Buffer.from(text), seededRandom(2))) {
      expect((await gathered(linesOf(streamOf(pieces)))).flat(), `${how}`).toEqual(lines)
    }
  })

  test('gives no block without a line, which as input would be an empty line', async () => {
    expect(
      await gathered(linesOf(streamOf(['ab', 'cd', '\nef', 'g'].map((text) => Buffer.from(text))))),
    ).toEqual([['abcd'], ['efg']])
  })
})
