// A pattern's search around the occurrences of its keywords.
import type { Chunk } from '../../model/model.ts'
import type { RulePart } from '../../model/rule.ts'

/**
 * Neighbouring windows are joined up to this size, so that a line full of keywords is not decoded a
 * thousand times.
 */
const MAX_TEXT_BYTES = 128 << 10

/** Bytes on each side of a window that lookaround sees. No match extends into them. */
export const LOOKAROUND_BYTES = 64

/** A secret that a pattern found in a chunk. Offsets are the chunk's. */
export interface Sighting {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * Runs a pattern on the windows around its keywords. `hits` are the offsets of their first bytes,
 * ascending. Only the windows become text, one character a byte. Each match lies within the window
 * of one keyword, so that no other keyword decides whether it is found. `isNear` may reject the
 * range of a match.
 */
export function* searchPattern(
  chunk: Pick<Chunk, 'bytes'>,
  part: Pick<RulePart, 'pattern' | 'window'>,
  hits: readonly number[],
  isNear?: (from: number, to: number) => boolean,
): Generator<Sighting> {
  let lastStart = -1
  const ranges = windowsAround(hits, part.window + LOOKAROUND_BYTES, chunk.bytes.length)
  for (let at = 0; at < ranges.length; at += 2) {
    const from = ranges[at] ?? 0
    const length = (ranges[at + 1] ?? 0) - from
    const { buffer, byteOffset } = chunk.bytes
    const text = Buffer.from(buffer, byteOffset + from, length).toString('latin1')
    part.pattern.lastIndex = 0
    for (let match = part.pattern.exec(text); match !== null; match = part.pattern.exec(text)) {
      const [start, end] = match.indices?.groups?.['secret'] ?? [match.index, match.index]
      part.pattern.lastIndex = match.index + 1
      const [first, last] = [from + match.index, from + match.index + match[0].length]
      if (!isWithinWindow(hits, part.window, first, last) || isNear?.(first, last) === false)
        continue
      part.pattern.lastIndex = Math.max(end, match.index + 1)
      if (end <= start || from + start <= lastStart) continue
      lastStart = from + start
      const secret = text.slice(start, end)
      // The caller may run the same pattern before it takes the next sighting.
      const { lastIndex } = part.pattern
      yield { start: lastStart, end: from + end, text: secret }
      part.pattern.lastIndex = lastIndex
    }
  }
}

/** True when the window of one of the ascending hits contains all of `[from, to)`. */
export function isWithinWindow(
  hits: readonly number[],
  window: number,
  from: number,
  to: number,
): boolean {
  let low = 0
  let high = hits.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((hits[middle] ?? Infinity) < to - window) low = middle + 1
    else high = middle
  }
  return (hits[low] ?? Infinity) <= from + window
}

/**
 * Returns half-open ranges around ascending offsets, as pairs of numbers. Overlapping ranges are
 * joined; a range that would exceed MAX_TEXT_BYTES is cut, and then overlaps the next one.
 */
export function windowsAround(
  hits: readonly number[],
  radius: number,
  length: number,
): readonly number[] {
  const ranges: number[] = []
  let from = -1
  let to = -1
  for (const hit of hits) {
    const begin = Math.max(0, hit - radius)
    if (from < 0 || begin > to || hit + radius - from > MAX_TEXT_BYTES) {
      if (from >= 0) ranges.push(from, to)
      from = begin
    }
    to = Math.min(length, hit + radius)
  }
  if (from >= 0) ranges.push(from, to)
  return ranges
}
