import { describe, expect, test } from 'vitest'
import { ByteReader } from '../../../src/git/objects/byte-reader.ts'
import { seededRandom } from '../../support/random.ts'
import { rounds } from '../../support/rounds.ts'

describe('ByteReader', () => {
  test('returns lines without line feeds, and none before its line feed has arrived', () => {
    const reader = new ByteReader()
    reader.append(Buffer.from('one\n\ntw'))
    expect([reader.line(), reader.line(), reader.line()]).toEqual(['one', '', undefined])
    expect(reader.length).toBe(2)
    reader.append(Buffer.from('o\n'))
    expect(reader.line()).toBe('two')
    expect(reader.length).toBe(0)
  })

  test('decodes each byte outside ASCII as one character', () => {
    const reader = new ByteReader()
    reader.append(Buffer.from([0xe9, 0xff, 0x00, 10]))
    expect(reader.line()).toBe('\u00E9\u00FF\0')
  })

  test('does not read past bytes that it only peeks at', () => {
    const reader = new ByteReader()
    reader.append(Buffer.from('abc'))
    expect(reader.peek(2).toString()).toBe('ab')
    expect(reader.take(2).toString()).toBe('ab')
    expect(reader.take(1).toString()).toBe('c')
  })

  test('gives back what was appended, in order, whatever the sizes', () => {
    const source = Buffer.alloc(40 << 20)
    for (let at = 0; at < source.length; at += 1024) source.writeUInt32LE(at, at)
    for (let seed = 1; seed <= 3; seed += 1) {
      const random = seededRandom(seed)
      const reader = new ByteReader()
      let [appended, taken] = [0, 0]
      for (let round = 0; round < rounds(120); round += 1) {
        // Now and then more than the megabyte it starts with, so that it must grow and move what it
        // holds.
        const count = Math.floor(random() * (random() < 0.1 ? 1_500_000 : 30_000))
        reader.append(source.subarray(appended, appended + count))
        appended += count
        const some = Math.floor(random() * (reader.length + 1))
        expect(Buffer.compare(reader.take(some), source.subarray(taken, taken + some))).toBe(0)
        taken += some
        expect(reader.length).toBe(appended - taken)
      }
    }
  })
})
