/** Cuts large content into overlapping windows, so that memory stays bounded. */
import { ByteReader } from './byte-reader.ts'

/** A blob up to this size is one window. Even, like the overlap, so that UTF-16 stays aligned. */
export const WINDOW_BYTES = 4 << 20

/**
 * Bytes that consecutive windows share: more than a match of any rule spans, so that a secret at a
 * boundary is complete in one of the two windows.
 */
export const OVERLAP_BYTES = 64 << 10

export interface ByteWindow {
  /** Offset of the window in the content. */
  readonly start: number
  /** Valid until the next window is taken. */
  readonly bytes: Uint8Array
  readonly last: boolean
}

/** Cuts a stream of unknown length into windows. An empty stream gives one empty window. */
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

/** Cuts bytes in memory into windows, of which there is nearly always one. */
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
