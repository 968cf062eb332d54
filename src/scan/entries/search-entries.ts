/** Searches a chunk for entries around the keywords of a rule's part, and judges them. */
import type { Chunk, Suppression } from '../../model/model.ts'
import type { EntryReader, RulePart, Severity } from '../../model/rule.ts'
import type { Sighting } from '../detect/search.ts'
import { placeholderReason } from '../suppress/placeholder.ts'
import { referenceReason } from '../suppress/reference.ts'
import type { TextEntry, TextReader } from './entry.ts'
import { judgeText } from './judge-text.ts'
import { readCsv } from './read-csv.ts'
import { readKubernetes } from './read-kubernetes.ts'
import { readNames } from './read-names.ts'
import type { FoundValue } from './value-at.ts'

/** A secret that the judge of entries found. Offsets are the chunk's. */
export interface EntrySighting extends Sighting {
  readonly severity: Severity
  readonly evidence: string
  readonly isRandom: boolean
  readonly flaw?: Suppression
}

/** Bytes before a keyword that the reader of names sees. */
const MAX_BEFORE = 256

const TESTS = { referenceReason, placeholderReason }

/** Readers that are code. Under every other word the part's pattern finds the value. */
const readers: Readonly<Partial<Record<EntryReader, TextReader>>> = {
  names: readNames,
  kubernetes: readKubernetes,
  csv: readCsv,
}

/** The fields of a part that the search needs. */
type EntryPart = Pick<RulePart, 'pattern' | 'window'> & { readonly entry: EntryReader }

/**
 * Yields the entries around ascending `hits` whose values are secrets or placeholders. Each depends
 * on the bytes within the window of one keyword alone.
 */
export function* searchEntries(
  chunk: Pick<Chunk, 'bytes'>,
  part: EntryPart,
  hits: readonly number[],
): Generator<EntrySighting> {
  const starts = new Set<number>()
  for (const entry of entriesIn(chunk, part, hits)) {
    const { value: text, start, end } = entry
    const verdict = starts.has(start) ? undefined : judgeText(entry, TESTS)
    if (verdict === undefined) continue
    starts.add(start)
    yield { text, start, end, ...verdict }
  }
}

/** Bytes before a keyword that a pattern sees: a match begins at its keyword or just before. */
const MAX_LEAD = 48

/** Returns the last value that the part's pattern finds around one keyword, up to one behind it. */
function matchAround(
  { bytes }: Pick<Chunk, 'bytes'>,
  { pattern, window }: EntryPart,
  hit: number,
): FoundValue | undefined {
  const from = Math.max(0, hit - MAX_LEAD)
  const length = Math.min(bytes.length, hit + window) - from
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, length).toString('latin1')
  let found: FoundValue | undefined
  pattern.lastIndex = 0
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [start, end] = match.indices?.groups?.['secret'] ?? [0, 0]
    if (end > start)
      found = {
        value: text.slice(start, end),
        start: from + start,
        end: from + end,
        delimited: true,
      }
    if (from + end > hit) break
    pattern.lastIndex = match.index + 1
  }
  return found
}

function* entriesIn(
  chunk: Pick<Chunk, 'bytes'>,
  part: EntryPart,
  hits: readonly number[],
): Generator<TextEntry> {
  const read = readers[part.entry]
  if (read === undefined) {
    for (const hit of hits) {
      const found = matchAround(chunk, part, hit)
      if (found !== undefined)
        yield { name: part.entry, ...found, syntax: 'position', delimited: true }
    }
    return
  }
  const { buffer, byteOffset, length } = chunk.bytes
  const bytes = Buffer.from(buffer, byteOffset, length)
  for (const hit of hits) {
    const from = Math.max(0, hit - (part.entry === 'names' ? MAX_BEFORE : part.window))
    const to = Math.min(length, hit + part.window)
    const text = bytes.toString('latin1', from, to)
    for (const entry of read({ text, at: hit - from }))
      yield { ...entry, start: from + entry.start, end: from + entry.end }
  }
}
