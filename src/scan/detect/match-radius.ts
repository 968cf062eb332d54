import type { Keyword, Rule } from '../../model/rule.ts'
import { keywordIndexOf, matchRadiusOfKeyword } from './keyword-index.ts'

/** How far from its keyword a secret can stand. */
export interface MatchRadius {
  /**
   * In bytes of a chunk, on each side of a keyword's first byte: of a blob in UTF-16 it is twice as
   * many.
   */
  readonly bytes: number
  /** Keywords that reach farther. */
  readonly wide: readonly Keyword[]
}

/**
 * The largest reach among the keywords of rules that reach no farther than `most`, and all other
 * keywords. Those in base64, where a rule is looked for so, are among them.
 *
 * What it promises: whether a part is sighted somewhere (`Detector.sights`) hangs only on bytes
 * that are no farther than its reach from an occurrence of one of the keywords, as the prefilter
 * finds them. So bytes in which no keyword stands, that far from what changed, cannot hold a new
 * one.
 */
export function matchRadiusOf(rules: readonly Rule[], most: number): MatchRadius {
  const anchors = keywordIndexOf(rules).map((anchor) => ({
    keyword: anchor.keyword,
    bytes: matchRadiusOfKeyword(anchor),
  }))
  return {
    bytes: Math.max(0, ...anchors.filter(({ bytes }) => bytes <= most).map(({ bytes }) => bytes)),
    wide: anchors.filter(({ bytes }) => bytes > most).map(({ keyword }) => keyword),
  }
}
