import { ByteReader } from './byte-reader.ts'

/** A blob up to this size comes whole. Even, as is the overlap, so that UTF-16 keeps its step. */
export const WINDOW_BYTES = 4 << 20

/**
 * What consecutive windows share: more than any rule's reach, so that a secret on the seam is whole
 * in one of them.
 */
export const OVERLAP_BYTES = 64 << 10

export interface ByteWindow {
  readonly start: number
  /** Valid until the next window is asked for. */
  readonly bytes: Uint8Array
  readonly last: boolean
}

/**
 * Cuts a stream of unknown length into overlapping windows; an empty stream gives one empty window.
 */
export async function* windowsOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ByteWindow> {
  const reader = new ByteReader()
  let start = 0
  for await (const chunk of chunks) {
    reader.append(chunk)
    while (reader.length > WINDOW_BYTES) {
      yield { start, bytes: reader.peek(WINDOW_BYTES), last: false }
      reader.take(WINDOW_BYTES - OVERLAP_BYTES)
      start += WINDOW_BYTES - OVERLAP_BYTES
    }
  }
  yield { start, bytes: reader.take(reader.length), last: true }
}

/** The same for bytes that are all at hand: nearly always few. */
export function windowsIn(bytes: Uint8Array): Iterable<ByteWindow> {
  return bytes.length <= WINDOW_BYTES ? [{ start: 0, bytes, last: true }] : manyWindowsIn(bytes)
}

function* manyWindowsIn(bytes: Uint8Array): Generator<ByteWindow> {
  let start = 0
  for (; bytes.length - start > WINDOW_BYTES; start += WINDOW_BYTES - OVERLAP_BYTES) {
    yield { start, bytes: bytes.subarray(start, start + WINDOW_BYTES), last: false }
  }
  yield { start, bytes: bytes.subarray(start), last: true }
}
