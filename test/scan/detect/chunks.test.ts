import { describe, expect, test } from 'vitest'
import {
  chunksOf,
  everySecond,
  everySecondSlowly,
  isAsciiInUtf16,
} from '../../../src/scan/detect/chunks.ts'
import { randomBytes } from '../../support/pieces.ts'
import { seededRandom } from '../../support/random.ts'
import { fileBlob } from '../../support/source.ts'
import { rounds } from '../../support/rounds.ts'

function textsOf(bytes: Buffer): readonly string[] {
  return [...chunksOf(fileBlob('a', bytes))].map((chunk) =>
    Buffer.from(chunk.bytes).toString('latin1'),
  )
}

function swapped(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16()
}

describe('chunksOf', () => {
  test.each([
    ['text', Buffer.from('secret'), ['secret']],
    [
      'UTF-16, little endian',
      Buffer.from('key\n', 'utf16le'),
      ['k\0e\0y\0\n\0', 'key\n', '\0\0\0\0'],
    ],
    ['UTF-16, big endian', swapped('key\n'), ['\0k\0e\0y\0\n', '\0\0\0\0', 'key\n']],
    [
      'UTF-16 behind a byte order mark',
      Buffer.from('\uFEFFkey', 'utf16le'),
      ['\u00ff\u00fek\0e\0y\0', '\u00ffkey', '\u00fe\0\0\0'],
    ],
    [
      'UTF-16 at an odd offset',
      Buffer.concat([Buffer.from('x'), Buffer.from('key', 'utf16le')]),
      ['xk\0e\0y\0', 'x\0\0\0', 'key'],
    ],
    ['one byte', Buffer.of(0), ['\0', '\0', '']],
    ['nothing', Buffer.alloc(0), ['']],
  ])('reads %s', (_name, bytes, texts) => {
    expect(textsOf(bytes)).toEqual(texts)
  })

  test.each(['tree', 'commit', 'tag'] as const)(
    'reads a %s only as it is, even with NUL bytes',
    (kind) => {
      expect([...chunksOf(fileBlob('a', Buffer.from('a\0b'), { kind }))]).toHaveLength(1)
    },
  )

  test('maps each byte to its offset in the blob', () => {
    for (let seed = 1; seed <= rounds(100); seed += 1) {
      const random = seededRandom(seed)
      const bytes = randomBytes(Math.floor(random() * 40), () => (random() < 0.3 ? 0 : random()))
      const start = 2 * Math.floor(random() * 1000)
      for (const chunk of chunksOf({ ...fileBlob('a', bytes), start })) {
        chunk.bytes.forEach((byte, index) => expect(byte).toBe(bytes[chunk.toBlob(index) - start]))
      }
    }
  })
})

test('isAsciiInUtf16 checks that all omitted bytes are NUL', () => {
  const blob = { ...fileBlob('a', Buffer.from('..k\0e\0y\0..')), start: 100 }
  expect(isAsciiInUtf16(blob, 102, 107)).toBe(true)
  expect(isAsciiInUtf16(blob, 100, 107)).toBe(false)
  expect(isAsciiInUtf16(blob, 103, 106)).toBe(false)
})

test('everySecond equals everySecondSlowly at any address', () => {
  const random = seededRandom(51)
  for (let length = 0; length < 40; length += 1) {
    const bytes = randomBytes(length + 3, random).subarray(length % 3, length)
    for (const first of [0, 1])
      expect([...everySecond(bytes, first)]).toEqual([...everySecondSlowly(bytes, first)])
  }
  const long = randomBytes(100_001, random)
  for (const first of [0, 1])
    expect(Buffer.from(everySecond(long, first)).equals(everySecondSlowly(long, first))).toBe(true)
})
