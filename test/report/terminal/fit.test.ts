import { describe, expect, test } from 'vitest'
import { cutMiddle, widthOf, wrap } from '../../../src/report/terminal/fit.ts'

test.each([
  ['abc', 3],
  ['日本', 4],
  ['cafe\u0301', 4],
  ['😀', 2],
  ['ключ', 4],
  ['', 0],
])('%s takes its columns', (text, width) => {
  expect(widthOf(text)).toBe(width)
})

describe('cutMiddle', () => {
  test.each([
    ['short', 10, 'short'],
    ['exactly-10', 10, 'exactly-10'],
    ['a/very/long/path/to/config.env', 16, 'a/ver…config.env'],
    ['日本日本日本日本', 8, '日…日本'],
  ])('of %s to %i columns is %s', (text, width, cut) => {
    expect(cutMiddle(text, width)).toBe(cut)
  })

  test('never exceeds the width, however long the name', () => {
    for (const text of ['x'.repeat(1_000_000), '語'.repeat(5000), `a${'\u0301'.repeat(5000)}`]) {
      for (const width of [10, 11, 40])
        expect(widthOf(cutMiddle(text, width))).toBeLessThanOrEqual(width)
    }
  })
})

describe('wrap', () => {
  test.each([
    ['breaks at spaces', 'one two three', 8, ['one two', 'three']],
    [
      'keeps a command in one piece',
      'Do: `git rm --cached x`, now',
      10,
      ['Do:', '`git rm --cached x`,', 'now'],
    ],
    ['takes a single backquote for a letter', 'a `b c', 3, ['a', '`b', 'c']],
    ['gives an empty text one line', '', 5, ['']],
  ])('%s', (_name, text, width, lines) => {
    expect(wrap(text, width)).toEqual(lines)
  })
})
