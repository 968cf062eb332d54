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
  const { kind } = entryNameOf(found.name)
  if (kind === 'none' || kind === 'unknown') return
  const before = text.slice(Math.max(0, found.start - MAX_BEFORE), found.start)
  // `checksum/secret: …` is an annotation about a secret, `arn:aws:…:secret:name` names one.
  if (/(?:checksum|hash|digest|sha\d{1,3})\/$|\barn:[\w:-]{1,80}:$/i.test(before)) return
  const { name } = found
  if (/api.?key$/i.test(name) && isSearchKey(before, text.slice(found.end, found.end + 160))) return
  for (const tie of ties) {
    tie.between.lastIndex = found.end
    if (!tie.between.test(text) || tie.before?.test(before) === false) continue
    const value = valueBehind(text, tie, found, before)
    // The string behind a name may be a name as well: {"key": "NAME", "value": "v"}.
    const isName = tie.syntax === 'argument' && value !== undefined && isKey(text, value.end)
    if (value !== undefined && !isName) {
      // `pass "x"` is a sentence more often than an assignment.
      const isVerb =
        /^(?:pass|secret|token)$/.test(name) &&
        /^[ \t]+$/.test(text.slice(found.end, tie.between.lastIndex))
      yield { name, ...value, syntax: isVerb ? 'prose' : tie.syntax }
      return
    }
  }
}

function isKey(text: string, end: number): boolean {
  return /^\\{0,3}["']\s{0,8}[:=]/.test(text.slice(end, end + 14))
}

/** True for a key that a page searches with: its application or its index stands beside it. */
function isSearchKey(before: string, after: string): boolean {
  return (
    /app(?:lication)?_?Id["']?\s{0,4}[:=]\s{0,4}["'][A-Z0-9]{8,12}["'],?\s{0,24}["']?$/i.test(
      before,
    ) ||
    /^["']?\s{0,4}[:=]\s{0,4}["'][\da-f]{32}["'],?\s{1,24}["']?(?:indexName|appId)\b/.test(after)
  )
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
  // Words behind a colon are a sentence: `Authorization: AWS4-HMAC-SHA256 Credential=…`.
  const isSentence = /^[ \t]{1,8}[\w(<$*]/.test(text.slice(unquoted.end, unquoted.end + 10))
  if (form === 'any' && isSentence && /:[ \t]{0,16}$/.test(text.slice(end, from))) return undefined
  return form === 'text' ? { ...unquoted, delimited: text.charAt(unquoted.end) === '<' } : unquoted
}
