import { describe, expect, test } from 'vitest'
import { readHex, wordAt } from '../../../src/git/objects/bytes.ts'
import { randomBytes } from '../../support/pieces.ts'
import { seededRandom } from '../../support/random.ts'

describe('readHex', () => {
  test('reads what Node writes, in small letters and capitals, from any place', () => {
    const random = seededRandom(1)
    for (const length of [20, 32, 1, 0]) {
      const bytes = randomBytes(length, random)
      for (const text of [bytes.toString('hex'), bytes.toString('hex').toUpperCase()]) {
        const into = new Uint8Array(length)
        expect(readHex(Buffer.from(`tree ${text}\n`), 5, into)).toBe(true)
        expect(Buffer.from(into).equals(bytes)).toBe(true)
      }
    }
  })

  test('rejects bytes that are no digits, and the end of the bytes', () => {
    const digits = new Set(Buffer.from('0123456789abcdefABCDEF'))
    for (let byte = 0; byte < 256; byte += 1) {
      expect(readHex(Buffer.of(0x30, byte), 0, new Uint8Array(1))).toBe(digits.has(byte))
      expect(readHex(Buffer.of(byte, 0x30), 0, new Uint8Array(1))).toBe(digits.has(byte))
    }
    expect(readHex(Buffer.from('abc'), 0, new Uint8Array(2))).toBe(false)
  })
})

test('wordAt reads four bytes, the lowest first', () => {
  expect(wordAt(Uint8Array.of(9, 0x5a, 1, 0, 0), 1)).toBe(346)
  expect(wordAt(Uint8Array.of(255, 255, 255, 255), 0)).toBe(-1)
})
