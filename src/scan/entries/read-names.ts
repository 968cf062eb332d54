/** Reads the entry around a telling name, in any language. */
import type { KeywordText, TextEntry } from './entry.ts'
import { entryNameOf } from './entry-name.ts'
import { nameAt, type FoundName } from './name-at.ts'
import { type Tie, ties } from './ties.ts'
import { type FoundValue, quotedAt, unquotedAt } from './value-at.ts'

/** Characters before a name that a tie may look at. */
const MAX_BEFORE = 96

/** Yields the values that a syntax ties to the name around the keyword. */
export function* readNames({ text, at }: KeywordText): Generator<TextEntry> {
  const found = nameAt(text, at)
  if (found === undefined) return
  if (entryNameOf(found.name).kind === 'none') return
  const before = text.slice(Math.max(0, found.start - MAX_BEFORE), found.start)
  // `checksum/secret: …` is an annotation about a secret.
  if (/(?:checksum|hash|digest|sha\d{1,3})\/$/i.test(before)) return
  const { name } = found
  for (const tie of ties) {
    tie.between.lastIndex = found.end
    if (!tie.between.test(text) || tie.before?.test(before) === false) continue
    const value = valueBehind(text, tie, found, before)
    if (value !== undefined) {
      yield { name, ...value, syntax: tie.syntax }
      return
    }
  }
}

function valueBehind(
  text: string,
  { between, value: form }: Tie,
  { start, end }: FoundName,
  before: string,
): FoundValue | undefined {
  const from = between.lastIndex
  if (form !== 'text') {
    const quoted = quotedAt(text, from)
    if (quoted !== undefined) return quoted
    if (form === 'quoted') return undefined
    // A quote that opened around name and value closes behind the value: -H "X-Api-Key: v".
    if (/["'`]/.test(text.charAt(from))) return undefined
  }
  const isInQuery = /[?&]$/.test(before) && text.charAt(end) === '='
  const isInString = start > 0 && /[;"']$/.test(before) && text.charAt(end) === '='
  const unquoted = unquotedAt(text, from, isInQuery ? '&#;,)' : isInString ? ';' : '')
  if (unquoted === undefined) return undefined
  return form === 'text' ? { ...unquoted, delimited: text.charAt(unquoted.end) === '<' } : unquoted
}
