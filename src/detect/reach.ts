import type { Keyword, Rule, RulePart } from '../rule.ts'
import { LOOKAROUND_BYTES } from './search.ts'

/** UTF-16 has two bytes for one that a pattern sees. */
const UTF16_BYTES = 2

/** How far from its keyword a secret can stand. */
export interface Reach {
  /** Of a part of the rules, in bytes of the blob, on each side of a keyword's first byte. */
  readonly bytes: number
  /** Keywords of parts that reach farther. */
  readonly wide: readonly Keyword[]
}

/**
 * The largest reach among the parts that reach no farther than `most`, and the keywords of all others.
 *
 * What it promises: whether a part is sighted somewhere (`Detector.sights`) hangs only on bytes that are no farther than its
 * reach from an occurrence of one of its keywords, as the prefilter finds them. So bytes in which no keyword
 * stands, that far from what changed, cannot hold a new one.
 */
export function reachOf(rules: readonly Rule[], most: number): Reach {
  const parts = rules.flatMap((rule) => rule.parts.map((part) => ({ part, bytes: reachOfPart(part) })))
  const narrow = parts.filter(({ bytes }) => bytes <= most)
  return {
    bytes: Math.max(0, ...narrow.map(({ bytes }) => bytes)),
    wide: parts.filter(({ bytes }) => bytes > most).flatMap(({ part }) => part.keywords),
  }
}

/** Bytes of a blob on each side of a keyword that decide what a part finds there. */
export function reachOfPart(part: RulePart): number {
  return UTF16_BYTES * (part.window + LOOKAROUND_BYTES)
}
