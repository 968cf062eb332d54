// The encodings in which a window of a blob is searched: as it is, and as UTF-16.
import type { Chunk, SourceBlob } from '../../model/model.ts'

/** Bytes of UTF-16 for one byte of a chunk. */
export const UTF16_BYTES = 2

/**
 * Yields the bytes of a window as they are and, for a blob with NUL bytes, as UTF-16 that begins at
 * an even and at an odd offset. Every second byte alone is the text in both byte orders, with or
 * without a byte order mark, and also of strings in a binary: of `41 00 4b 00` and of `00 41 00 4b`
 * one of the two reads `41 4b`. `asUtf16` saves the search for NUL bytes when the caller has made
 * it.
 */
export function* chunksOf(
  blob: Pick<SourceBlob, 'bytes' | 'kind' | 'start'>,
  asUtf16 = mayBeUtf16(blob),
): Generator<Chunk> {
  const { bytes, start } = blob
  yield { bytes, encoding: 'bytes', toBlob: (index) => start + index }
  if (!asUtf16) return
  for (const first of [0, 1]) {
    yield {
      bytes: everySecond(bytes, first),
      encoding: 'utf-16',
      toBlob: (index) => start + first + 2 * index,
    }
  }
}

/** True for a blob with a NUL byte, which is also searched as UTF-16. */
export function mayBeUtf16({ bytes, kind }: Pick<SourceBlob, 'bytes' | 'kind'>): boolean {
  // `indexOf` of a Buffer is native and works on any Uint8Array, whose own takes twenty times as
  // long.
  return kind === 'blob' && Buffer.prototype.indexOf.call(bytes, 0) >= 0
}

/**
 * True when the bytes between two offsets of the blob that a UTF-16 chunk omits are all NUL, as
 * they are for ASCII characters.
 */
export function isAsciiInUtf16(
  blob: Pick<SourceBlob, 'bytes' | 'start'>,
  from: number,
  to: number,
): boolean {
  for (let at = from + 1 - blob.start; at < to - blob.start - 1; at += 2)
    if (blob.bytes[at] !== 0) return false
  return true
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** A buffer for 16-bit numbers, which must stand at even addresses, while bytes stand anywhere. */
const pairs = new Uint16Array(1 << 14)
const alignedBytes = new Uint8Array(pairs.buffer)

/**
 * Returns every second byte from `first` on. Reads pairs of bytes as 16-bit numbers, of which a
 * native copy takes the lower halves. Twin: `everySecondSlowly`.
 */
export function everySecond(bytes: Uint8Array, first: number): Uint8Array {
  if (!isLittleEndian) return everySecondSlowly(bytes, first)
  const half = new Uint8Array(Math.max(0, Math.ceil((bytes.length - first) / 2)))
  for (let at = 0; at < half.length; at += pairs.length) {
    const slice = bytes.subarray(first + 2 * at, first + 2 * at + alignedBytes.length)
    alignedBytes.set(slice)
    half.set(pairs.subarray(0, Math.ceil(slice.length / 2)), at)
  }
  return half
}

export function everySecondSlowly(bytes: Uint8Array, first: number): Uint8Array {
  const half = new Uint8Array(Math.max(0, Math.ceil((bytes.length - first) / 2)))
  for (let at = 0, from = first; at < half.length; at += 1, from += 2) half[at] = bytes[from] ?? 0
  return half
}
