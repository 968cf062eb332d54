import type { Keyword } from '../rule.ts'
import { GRAM, rarestGram, spellings } from './grams.ts'

/** A keyword to be compared with bytes. */
export interface KeywordBytes {
  readonly bytes: Uint8Array
  /** Per byte: 0x20 where upper and lower case are the same, else 0. */
  readonly fold: Uint8Array
}

/** Its bytes, in lower case where case is ignored. */
export function bytesOf(keyword: Keyword): KeywordBytes {
  const fold = Uint8Array.from(keyword.text, (char) => (keyword.ignoreCase && /[A-Za-z]/.test(char) ? 0x20 : 0))
  return { bytes: Uint8Array.from(keyword.text, (char, at) => char.charCodeAt(0) | (fold[at] ?? 0)), fold }
}

/** Does it stand there, whole? */
export function stands(keyword: KeywordBytes | undefined, bytes: Uint8Array, start: number): boolean {
  if (keyword === undefined || start < 0 || start + keyword.bytes.length > bytes.length) return false
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

/** Numbers of each entry in a list of grams: four bytes, the place of their keyword in a list, and where in it they stand. */
export const GRAM_NUMBERS = 3

/** The rarest four bytes of each keyword, in all its spellings; flat, since a list of lists takes longer to go through. */
export function gramsOf(keywords: readonly Keyword[]): readonly number[] {
  return keywords.flatMap(({ text, ignoreCase }, keyword) => {
    const at = rarestGram(text)
    return spellings(text.slice(at, at + GRAM), ignoreCase).flatMap((bytes) => [gramAt(bytes, 0), keyword, at])
  })
}

/** Whose each gram is. */
export function ownersIn(grams: readonly number[]): ReadonlyMap<number, readonly Owner[]> {
  const owners = new Map<number, Owner[]>()
  for (let index = 0; index < grams.length; index += GRAM_NUMBERS) {
    const gram = grams[index] ?? 0
    const owner = { keyword: grams[index + 1] ?? 0, at: grams[index + 2] ?? 0 }
    const known = owners.get(gram)
    if (known === undefined) owners.set(gram, [owner])
    else known.push(owner)
  }
  return owners
}

/** Four bytes as one number. */
export function gramAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)
}
