import type { Chunk } from '../../model/model.ts'
import type { RulePart } from '../../model/rule.ts'

/**
 * Neighbouring windows are joined up to this size, so that a line of keywords is not decoded a
 * thousand times.
 */
const MAX_TEXT_BYTES = 128 << 10

/** Bytes on each side of a window that lookaround sees; a match does not reach into them. */
export const LOOKAROUND_BYTES = 64

/** A pattern's secret in a chunk; offsets are the chunk's. */
export interface Sighting {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * Runs a pattern on the surroundings of its keywords: `hits` are the offsets of their first bytes,
 * ascending. Only these surroundings become text, one character a byte, and only where something
 * stands that the pattern needs. What is found lies within the window of one keyword, so that no
 * other keyword decides whether it is. `isNear` may ask for more of the range of a match.
 */
export function search(
  chunk: Pick<Chunk, 'bytes'>,
  part: Pick<RulePart, 'pattern' | 'window'>,
  hits: readonly number[],
  isNear?: (from: number, to: number) => boolean,
): readonly Sighting[] {
  const sightings: Sighting[] = []
  const ranges = surroundings(hits, part.window + LOOKAROUND_BYTES, chunk.bytes.length)
  for (let at = 0; at < ranges.length; at += 2) {
    const from = ranges[at] ?? 0
    const text = Buffer.from(
      chunk.bytes.buffer,
      chunk.bytes.byteOffset + from,
      (ranges[at + 1] ?? 0) - from,
    ).toString('latin1')
    part.pattern.lastIndex = 0
    for (let found = part.pattern.exec(text); found !== null; found = part.pattern.exec(text)) {
      const [start, end] = found.indices?.groups?.['secret'] ?? [found.index, found.index]
      part.pattern.lastIndex = found.index + 1
      const [first, last] = [from + found.index, from + found.index + found[0].length]
      if (!isWithin(hits, part.window, first, last) || isNear?.(first, last) === false) continue
      part.pattern.lastIndex = Math.max(end, found.index + 1)
      if (end > start && from + start > (sightings.at(-1)?.start ?? -1))
        sightings.push({ start: from + start, end: from + end, text: text.slice(start, end) })
    }
  }
  return sightings
}

/** Does one of the ascending hits stand so near that its window holds all from `from` to `to`? */
export function isWithin(
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
 * Half-open ranges around ascending offsets, as pairs of numbers; overlapping ones are joined, and
 * those that grow too long overlap.
 */
export function surroundings(
  hits: readonly number[],
  reach: number,
  length: number,
): readonly number[] {
  const ranges: number[] = []
  let from = -1
  let to = -1
  for (const hit of hits) {
    const begin = Math.max(0, hit - reach)
    if (from < 0 || begin > to || hit + reach - from > MAX_TEXT_BYTES) {
      if (from >= 0) ranges.push(from, to)
      from = begin
    }
    to = Math.min(length, hit + reach)
  }
  if (from >= 0) ranges.push(from, to)
  return ranges
}
