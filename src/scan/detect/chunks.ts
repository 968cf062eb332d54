import type { Chunk, SourceBlob } from '../../model/model.ts'

/** UTF-16 has two bytes for one of a chunk. */
export const UTF16_BYTES = 2

/**
 * The ways to read a window: as it is and, where a blob has NUL bytes, as UTF-16 beginning at even
 * and at odd offsets. Leaving out every second byte reads both byte orders, with or without a byte
 * order mark, and strings in a binary:
 * `41 00 4b 00` and `00 41 00 4b` both give `41 4b` in one of the two. Whoever knows whether it has
 * NUL bytes says so.
 */
export function* chunksOf(
  blob: Pick<SourceBlob, 'bytes' | 'kind' | 'start'>,
  read16 = isRead16(blob),
): Generator<Chunk> {
  const { bytes, start } = blob
  yield { bytes, encoding: 'bytes', toBlob: (index) => start + index }
  if (!read16) return
  for (const first of [0, 1]) {
    yield {
      bytes: everySecond(bytes, first),
      encoding: 'utf-16',
      toBlob: (index) => start + first + 2 * index,
    }
  }
}

/** Is it read as UTF-16 as well? */
export function isRead16({ bytes, kind }: Pick<SourceBlob, 'bytes' | 'kind'>): boolean {
  // A Buffer looks for bytes natively, and in arrays that are none, too; these take twenty times as
  // long.
  return kind === 'blob' && Buffer.prototype.indexOf.call(bytes, 0) >= 0
}

/**
 * Are the bytes that a UTF-16 chunk left out between two offsets of the blob all NUL, as for ASCII
 * characters?
 */
export function isWide(
  blob: Pick<SourceBlob, 'bytes' | 'start'>,
  from: number,
  to: number,
): boolean {
  for (let at = from + 1 - blob.start; at < to - blob.start - 1; at += 2)
    if (blob.bytes[at] !== 0) return false
  return true
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** Numbers of 16 bits stand at even addresses, bytes anywhere. */
const pairs = new Uint16Array(1 << 14)
const aligned = new Uint8Array(pairs.buffer)

/**
 * Bytes as numbers of 16 bits, of which natively the lower halves are taken, a piece at a time.
 * Twin: `everySecondSlowly`.
 */
export function everySecond(bytes: Uint8Array, first: number): Uint8Array {
  if (!isLittleEndian) return everySecondSlowly(bytes, first)
  const half = new Uint8Array(Math.max(0, Math.ceil((bytes.length - first) / 2)))
  for (let at = 0; at < half.length; at += pairs.length) {
    const piece = bytes.subarray(first + 2 * at, first + 2 * at + aligned.length)
    aligned.set(piece)
    half.set(pairs.subarray(0, Math.ceil(piece.length / 2)), at)
  }
  return half
}

export function everySecondSlowly(bytes: Uint8Array, first: number): Uint8Array {
  const half = new Uint8Array(Math.max(0, Math.ceil((bytes.length - first) / 2)))
  for (let at = 0, from = first; at < half.length; at += 1, from += 2) half[at] = bytes[from] ?? 0
  return half
}
