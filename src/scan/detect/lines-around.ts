// The lines of a secret that are kept for inline markers and reports.
import type { Chunk } from '../../model/model.ts'
import type { Sighting } from './search.ts'

/** Bytes of the line on each side of a secret that are kept. */
const MAX_LINE_BYTES = 400

/** Sign of a marker that allows the secrets on the line below it; `suppress/` reads the marker. */
const NEXT_LINE_MARKER = /nextline[ -]secret/i

/**
 * Returns the line with the end of a secret, where inline markers stand, cut on both sides, and the
 * line above it when that has a marker for the line below.
 */
export function linesAround(
  chunk: Chunk,
  sighting: Sighting,
): { readonly own: string; readonly above: string | undefined } {
  const from = Math.max(0, sighting.start - MAX_LINE_BYTES)
  const to = Math.min(chunk.bytes.length, sighting.end + MAX_LINE_BYTES)
  const text = Buffer.from(chunk.bytes.buffer, chunk.bytes.byteOffset + from, to - from).toString(
    'latin1',
  )
  const begin = text.lastIndexOf('\n', sighting.start - from) + 1
  const end = text.indexOf('\n', sighting.end - from)
  const above = begin > 1 ? text.slice(text.lastIndexOf('\n', begin - 2) + 1, begin - 1) : ''
  return {
    own: text.slice(begin, end < 0 ? undefined : end),
    above: NEXT_LINE_MARKER.test(above) ? above : undefined,
  }
}
