// Keywords as bytes, and the table of grams by which the prefilter finds them.
import type { Beside, Keyword } from '../../model/rule.ts'
import { BEFORE_TOKEN } from '../../rules/token-border.ts'
import { GRAM_BYTES, rarestGram, spellings } from './grams.ts'

/** A keyword in the form that is compared with bytes. */
export interface KeywordBytes {
  /** In lower case where case is ignored. */
  readonly bytes: Uint8Array
  /** For each byte 0x20 when upper and lower case are equal, else 0. */
  readonly caseBits: Uint8Array
  /** True when the keyword counts only at the start of a token. */
  readonly isStart: boolean
}

/** 1 for each byte that may stand before a token. */
const beforeToken = new Uint8Array(256)
for (const char of BEFORE_TOKEN) beforeToken[char.charCodeAt(0)] = 1

export function toKeywordBytes({ text, ignoreCase, isStart }: Keyword): KeywordBytes {
  const caseBits = Uint8Array.from(text, (char) => (ignoreCase && /[A-Za-z]/.test(char) ? 0x20 : 0))
  return {
    bytes: Uint8Array.from(text, (char, at) => char.charCodeAt(0) | (caseBits[at] ?? 0)),
    caseBits,
    isStart: isStart === true,
  }
}

/** True when all of the keyword stands at `start`, behind a border if it begins a token. */
export function isKeywordAt(
  keyword: KeywordBytes | undefined,
  bytes: Uint8Array,
  start: number,
): boolean {
  if (keyword === undefined || start < 0 || start + keyword.bytes.length > bytes.length)
    return false
  if (keyword.isStart && beforeToken[bytes[start - 1] ?? 0] !== 1) return false
  for (let at = 0; at < keyword.bytes.length; at += 1) {
    const byte = (bytes[start + at] ?? 0) | (keyword.caseBits[at] ?? 0)
    if (byte !== keyword.bytes[at]) return false
  }
  return true
}

/** A keyword, by its place in a list, that has a gram at `offset`. */
export interface GramOwner {
  readonly keyword: number
  readonly offset: number
}

/**
 * The grams of a list of keywords, as three arrays of equal length, which transfer to another
 * thread faster than an array of objects.
 */
export interface Grams {
  /** Four bytes each, as `gramAt` reads them. */
  readonly grams: readonly number[]
  /** The place of each gram's keyword in the list. */
  readonly keywords: readonly number[]
  /** The offset of each gram in its keyword: -1 when it begins before the keyword. */
  readonly offsets: readonly number[]
  /** The code, of assembly/beside.ts, for what must stand behind each gram's keyword. */
  readonly codes: readonly number[]
}

/** Codes of grams in assembly/beside.ts. */
const PLAIN_CODE = 1
const CODES: Readonly<Record<Beside, number>> = { value: 2, login: 3, word: 4 }

/**
 * Returns the rarest gram of each keyword, in all its spellings. Three characters that begin a token
 * have a gram with each character that may stand before the token.
 */
export function gramsOf(keywords: readonly Keyword[]): Grams {
  const all: Record<keyof Grams, number[]> = { grams: [], keywords: [], offsets: [], codes: [] }
  const add = (text: string, keyword: number, offset: number): void => {
    const { ignoreCase = false, beside } = keywords[keyword] ?? {}
    for (const gram of spellings(text, ignoreCase)) {
      all.grams.push(gram)
      all.keywords.push(keyword)
      all.offsets.push(offset)
      all.codes.push(beside === undefined ? PLAIN_CODE : CODES[beside])
    }
  }
  keywords.forEach(({ text, isStart }, keyword) => {
    if (isStart === true && text.length < GRAM_BYTES) {
      for (const char of BEFORE_TOKEN) add(char + text, keyword, -1)
      return
    }
    const offset = rarestGram(text)
    add(text.slice(offset, offset + GRAM_BYTES), keyword, offset)
  })
  return all
}

/**
 * Returns a function from grams to their keywords. It searches the table once for each gram it is
 * called with: most blobs contain very few.
 */
export function indexOwners({
  grams,
  keywords,
  offsets,
}: Grams): (gram: number) => readonly GramOwner[] {
  const index = new Map<number, readonly GramOwner[]>()
  return (gram) => {
    const indexed = index.get(gram)
    if (indexed !== undefined) return indexed
    const owners: GramOwner[] = []
    for (let at = grams.indexOf(gram); at >= 0; at = grams.indexOf(gram, at + 1))
      owners.push({ keyword: keywords[at] ?? 0, offset: offsets[at] ?? 0 })
    index.set(gram, owners)
    return owners
  }
}

/** Returns four bytes as one signed 32-bit number, the first byte lowest. */
export function gramAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  )
}
