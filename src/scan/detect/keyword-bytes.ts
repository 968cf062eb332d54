import type { Keyword } from '../../model/rule.ts'
import { GRAM, rarestGram, spellings } from './grams.ts'

/** A keyword to be compared with bytes. */
export interface KeywordBytes {
  readonly bytes: Uint8Array
  /** Per byte: 0x20 where upper and lower case are the same, else 0. */
  readonly fold: Uint8Array
}

/** Its bytes, in lower case where case is ignored. */
export function bytesOf(keyword: Keyword): KeywordBytes {
  const fold = Uint8Array.from(keyword.text, (char) =>
    keyword.ignoreCase && /[A-Za-z]/.test(char) ? 0x20 : 0,
  )
  return {
    bytes: Uint8Array.from(keyword.text, (char, at) => char.charCodeAt(0) | (fold[at] ?? 0)),
    fold,
  }
}

/** Does it stand there, whole? */
export function stands(
  keyword: KeywordBytes | undefined,
  bytes: Uint8Array,
  start: number,
): boolean {
  if (keyword === undefined || start < 0 || start + keyword.bytes.length > bytes.length)
    return false
  for (let at = 0; at < keyword.bytes.length; at += 1) {
    if (((bytes[start + at] ?? 0) | (keyword.fold[at] ?? 0)) !== keyword.bytes[at]) return false
  }
  return true
}

/** A keyword that has a given gram at `at`. */
export interface Owner {
  readonly keyword: number
  readonly at: number
}

/**
 * What keywords are looked for by: lists of the same length, which are quicker to hand over than a
 * list of lists.
 */
export interface Grams {
  /** Four bytes each. */
  readonly grams: readonly number[]
  /** The place of its keyword in a list. */
  readonly keywords: readonly number[]
  /** Where in the keyword it stands. */
  readonly offsets: readonly number[]
}

/** The rarest four bytes of each keyword, in all its spellings. */
export function gramsOf(keywords: readonly Keyword[]): Grams {
  const all = keywords.flatMap(({ text, ignoreCase }, keyword) => {
    const at = rarestGram(text)
    return spellings(text.slice(at, at + GRAM), ignoreCase).map((bytes) => ({
      gram: gramAt(bytes, 0),
      keyword,
      at,
    }))
  })
  return {
    grams: all.map(({ gram }) => gram),
    keywords: all.map(({ keyword }) => keyword),
    offsets: all.map(({ at }) => at),
  }
}

/** Whose a gram is, looked up once for each that is met: most blobs have very few. */
export function ownersIn({ grams, keywords, offsets }: Grams): (gram: number) => readonly Owner[] {
  const known = new Map<number, readonly Owner[]>()
  return (gram) => {
    const met = known.get(gram)
    if (met !== undefined) return met
    const owners: Owner[] = []
    for (let at = grams.indexOf(gram); at >= 0; at = grams.indexOf(gram, at + 1))
      owners.push({ keyword: keywords[at] ?? 0, at: offsets[at] ?? 0 })
    known.set(gram, owners)
    return owners
  }
}

/** Four bytes as one number. */
export function gramAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  )
}
