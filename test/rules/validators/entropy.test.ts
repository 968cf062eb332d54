import { expect, test } from 'vitest'
import { shannon } from '../../../src/rules/validators/entropy.ts'
import { base64, hex, randomText, seeded } from '../../scan/suppress/random-values.ts'
import { rounds } from '../../support/rounds.ts'

test.each([
  ['', 0],
  ['aaaaaaaa', 0],
  ['abab', 1],
  ['abcd', 2],
  ['0123456789abcdef', 4],
  ['aabbccdd', 2],
])('%s has %d bits a character', (text, bits) => {
  expect(shannon(text)).toBeCloseTo(bits, 10)
})

test('four bits separate forty random hex digits from forty random base64 characters', () => {
  const random = seeded(4)
  for (let round = 0; round < rounds(20_000); round++) {
    expect(shannon(randomText(random, hex, 40))).toBeLessThanOrEqual(4)
    expect(shannon(randomText(random, base64, 40))).toBeGreaterThan(4)
  }
})
