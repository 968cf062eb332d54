import { ByteReader } from './byte-reader.ts'

/** A blob up to this size comes whole. Even, as is the overlap, so that UTF-16 keeps its step. */
export const WINDOW_BYTES = 4 << 20

/** What consecutive windows share: more than any rule's reach, so that a secret on the seam is whole in one of them. */
export const OVERLAP_BYTES = 64 << 10

export interface ByteWindow {
  readonly start: number
  /** Valid until the next window is asked for. */
  readonly bytes: Uint8Array
  readonly last: boolean
}

/** Cuts a stream of unknown length into overlapping windows; an empty stream gives one empty window. */
export async function* windowsOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ByteWindow> {
  const reader = new ByteReader(chunks)
  let start = 0
  while (await reader.fill(WINDOW_BYTES + 1)) {
    yield { start, bytes: reader.peek(WINDOW_BYTES), last: false }
    reader.take(WINDOW_BYTES - OVERLAP_BYTES)
    start += WINDOW_BYTES - OVERLAP_BYTES
  }
  yield { start, bytes: reader.rest(), last: true }
}

/** Cuts the next `size` bytes of a reader into overlapping windows. False: the stream ended before. */
export async function* windowsWithin(reader: ByteReader, size: number): AsyncGenerator<ByteWindow, boolean> {
  for (let start = 0; ; start += WINDOW_BYTES - OVERLAP_BYTES) {
    const length = Math.min(WINDOW_BYTES, size - start)
    if (!reader.has(length) && !(await reader.fill(length))) return false
    const last = start + length === size
    yield { start, bytes: reader.peek(length), last }
    reader.take(last ? length : length - OVERLAP_BYTES)
    if (last) return true
  }
}
