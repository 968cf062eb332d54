import type { Chunk } from '../model.ts'
import type { RulePart } from '../rule.ts'

/** Neighbouring windows are joined up to this size, so that a line of keywords is not decoded a thousand times. */
const MAX_TEXT_BYTES = 128 << 10

/** A pattern's secret in a chunk; offsets are the chunk's. */
export interface Sighting {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * Runs a pattern on the surroundings of its keywords: `hits` are the offsets of their first bytes. Only these
 * surroundings become text, one character a byte.
 */
export function* search(chunk: Chunk, part: RulePart, hits: readonly number[]): Generator<Sighting> {
  let done = -1
  for (const [from, to] of surroundings(hits, part.window, chunk.bytes.length)) {
    const text = Buffer.from(chunk.bytes.buffer, chunk.bytes.byteOffset + from, to - from).toString('latin1')
    part.pattern.lastIndex = 0
    for (let found = part.pattern.exec(text); found !== null; found = part.pattern.exec(text)) {
      const [start, end] = found.indices?.groups?.['secret'] ?? [found.index, found.index]
      part.pattern.lastIndex = Math.max(end, found.index + 1)
      if (end <= start || from + start <= done) continue
      done = from + start
      yield { start: from + start, end: from + end, text: text.slice(start, end) }
    }
  }
}

/** Half-open ranges around ascending offsets; overlapping ones are joined, and those that grow too long overlap. */
function* surroundings(hits: readonly number[], reach: number, length: number): Generator<readonly [from: number, to: number]> {
  let from = -1
  let to = -1
  for (const hit of hits) {
    const begin = Math.max(0, hit - reach)
    if (from >= 0 && begin <= to && hit + reach - from <= MAX_TEXT_BYTES) {
      to = Math.min(length, hit + reach)
      continue
    }
    if (from >= 0) yield [from, to]
    from = begin
    to = Math.min(length, hit + reach)
  }
  if (from >= 0) yield [from, to]
}
