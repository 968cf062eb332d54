import { describe, expect, test } from 'vitest'
import { mergeRanges, replaceRanges } from '../../../src/remediation/rewrite/replacement.ts'

/** Replaces the first occurrence of `secret` in `blob`. */
function without(blob: Buffer, secret: Buffer, encoded = false): Buffer {
  const start = blob.indexOf(secret)
  return replaceRanges(blob, [{ start, end: start + secret.length, encoded }])
}

const at = (
  start: number,
  end: number,
  encoded = false,
): { start: number; end: number; encoded: boolean } => ({ start, end, encoded })

describe('replaceRanges', () => {
  test('replaces a secret in text, and keeps every other byte', () => {
    expect(
      without(Buffer.from('a = "s3cr3t" \r\n\xff', 'latin1'), Buffer.from('s3cr3t')).toString(
        'latin1',
      ),
    ).toBe('a = "***REMOVED***" \r\n\xff')
  })

  test.each(['utf16le', 'utf16be'] as const)('keeps the encoding %s', (encoding) => {
    const wide = (text: string): Buffer => {
      const bytes = Buffer.from(text, 'utf16le')
      return encoding === 'utf16le' ? bytes : bytes.swap16()
    }
    const blob = wide('key=s3cr3t;\n')
    const whole = wide('s3cr3t')
    // A span goes from the first non-zero byte to the last.
    const narrow = encoding === 'utf16le' ? whole.subarray(0, -1) : whole.subarray(1)
    for (const span of [whole, narrow])
      expect(without(blob, span)).toEqual(wide('key=***REMOVED***;\n'))
  })

  test('keeps the length of binary files and of base64 with its lines and padding', () => {
    expect(without(Buffer.from('\0\x01s3cr3t\0'), Buffer.from('s3cr3t')).toString()).toBe(
      '\0\x01******\0',
    )
    const base64 = without(
      Buffer.from('x: c2VjcmV0\n c2VjcmV0cw==\n'),
      Buffer.from('c2VjcmV0\n c2VjcmV0cw=='),
      true,
    ).toString()
    expect(base64).toBe('x: REMOVEDR\n EMOVEDREMO==\n')
    const key = ['-----BEGIN', 'KEY-----\r\nabcd\r\n-----END', 'KEY-----'].join(' ')
    expect(without(Buffer.from(`${key}\r\n`), Buffer.from(key), true).toString()).toBe(
      '***REMOVED***\r\n',
    )
    expect(without(Buffer.from('x: abcdef\n'), Buffer.from('abcdef')).toString()).toBe(
      'x: ***REMOVED***\n',
    )
    expect(without(Buffer.from('"a\\/b"'), Buffer.from('a\\/b'), true).toString()).toBe(
      '"***REMOVED***"',
    )
  })

  test('merges ranges that touch, overlap or repeat, and refuses ranges outside of the blob', () => {
    expect(mergeRanges([at(5, 9), at(0, 2), at(2, 3, true), at(6, 7), at(5, 9)])).toEqual([
      at(0, 3, true),
      at(5, 9),
    ])
    expect(
      replaceRanges(Buffer.from('0123456789'), [at(8, 10), at(1, 3), at(2, 4)]).toString(),
    ).toBe('0***REMOVED***4567***REMOVED***')
    for (const wrong of [at(8, 11), at(-1, 2), at(3, 3)])
      expect(() => replaceRanges(Buffer.from('0123456789'), [wrong])).toThrow(RangeError)
  })
})
