/** Finds the keyword of a rule beside a secret, for explanations. */
import type { Part } from '../../model/model.ts'
import type { NearestKeyword } from '../../model/outcome.ts'
import type { Rule } from '../../model/rule.ts'

/**
 * Returns the keyword of the rule that is nearest to a secret within the part of the line that was
 * kept.
 */
export function nearestKeywordOf(
  { role, secret, line, span }: Part,
  rule: Rule,
): NearestKeyword | undefined {
  const [text, value] = [line.reveal(), secret.reveal()]
  const at = text.lastIndexOf(value)
  if (at < 0) return undefined
  const keywords = rule.parts.filter((part) => part.role === role).flatMap((part) => part.keywords)
  const positions = keywords.flatMap(({ text: keyword, ignoreCase }) => {
    const index = nearestIndex(
      ignoreCase ? text.toLowerCase() : text,
      ignoreCase ? keyword.toLowerCase() : keyword,
      at + value.length,
    )
    return index < 0 ? [] : [{ keyword, index }]
  })
  const best = positions.toSorted(
    (a, b) =>
      Math.abs(a.index - at) - Math.abs(b.index - at) || b.keyword.length - a.keyword.length,
  )[0]
  if (best === undefined) return undefined
  const distance =
    best.index < at
      ? -Buffer.byteLength(text.slice(best.index, at))
      : Buffer.byteLength(text.slice(at, best.index))
  const step = stepOf(span.end - span.start, Buffer.byteLength(value))
  return {
    keyword: best.keyword,
    distance,
    ...(step !== undefined && { offset: span.start + distance * step }),
  }
}

/**
 * Returns the last index before `end`, else the first one behind: a name usually stands before its
 * secret or at its start.
 */
function nearestIndex(text: string, keyword: string, end: number): number {
  const before = text.lastIndexOf(keyword, end - keyword.length)
  return before < 0 ? text.indexOf(keyword, end) : before
}

/**
 * Returns the number of bytes in the blob for each byte of text: 1, or 2 in UTF-16. Undefined where
 * the text was decoded in another way.
 */
function stepOf(spanBytes: number, textBytes: number): number | undefined {
  if (spanBytes === textBytes) return 1
  return spanBytes === textBytes * 2 - 1 ? 2 : undefined
}
