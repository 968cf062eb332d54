import type { Keyword, Rule } from '../../model/rule.ts'
import { keywordIndexOf, matchRadiusOfKeyword } from './keyword-index.ts'

/** The distance from a keyword at which a secret can stand. */
export interface MatchRadius {
  /** Bytes of a chunk on each side of a keyword's first byte. Of UTF-16 they are twice as many. */
  readonly bytes: number
  /** Keywords of rules with a larger radius. */
  readonly wideKeywords: readonly Keyword[]
}

/**
 * Returns the largest radius up to `maxBytes` of all keywords, base64 forms among them, and the
 * keywords whose radius is larger.
 *
 * Guarantees that whether `Detector.findsAny` finds a part depends only on bytes within the radius
 * of some occurrence of a keyword. So bytes without a keyword within that radius of a change hold
 * no new part.
 */
export function matchRadiusOf(rules: readonly Rule[], maxBytes: number): MatchRadius {
  const keywords = keywordIndexOf(rules).map((indexed) => ({
    keyword: indexed.keyword,
    radius: matchRadiusOfKeyword(indexed),
  }))
  const narrow = keywords.filter(({ radius }) => radius <= maxBytes)
  const wide = keywords.filter(({ radius }) => radius > maxBytes)
  return {
    bytes: Math.max(0, ...narrow.map(({ radius }) => radius)),
    wideKeywords: wide.map(({ keyword }) => keyword),
  }
}
