import { expect, test } from 'vitest'
import { suggestion } from '../../src/model/suggestion.ts'

const known = ['scan', 'staged', 'stdin', 'history', '--format', '--force']

test.each([
  ['scna', 'scan'],
  ['scn', 'scan'],
  ['stage', 'staged'],
  ['stagedd', 'staged'],
  ['histroy', 'history'],
  ['--fromat', '--format'],
  ['--forse', '--force'],
])('for %s suggests %s', (word, meant) => {
  expect(suggestion(word, known)).toBe(`; did you mean ${meant}?`)
})

test.each(['', 'x', 'ab', 'frobnicate', '-z', '--no-quiet', 'scan'.repeat(5000)])(
  'for %.20s suggests nothing',
  (word) => {
    expect(suggestion(word, known)).toBe('')
  },
)
