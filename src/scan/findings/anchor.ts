import type { Part } from '../../model/model.ts'
import type { Anchor } from '../../model/outcome.ts'
import type { Rule } from '../../model/rule.ts'

/** The keyword of the rule that stands nearest to a secret, as far as their line shows it. */
export function anchorOf({ role, secret, line, span }: Part, rule: Rule): Anchor | undefined {
  const [text, value] = [line.reveal(), secret.reveal()]
  const at = text.lastIndexOf(value)
  if (at < 0) return undefined
  const keywords = rule.parts.filter((part) => part.role === role).flatMap((part) => part.keywords)
  const found = keywords.flatMap(({ text: keyword, ignoreCase }) => {
    const index = nearest(
      ignoreCase ? text.toLowerCase() : text,
      ignoreCase ? keyword.toLowerCase() : keyword,
      at + value.length,
    )
    return index < 0 ? [] : [{ keyword, index }]
  })
  const best = found.toSorted(
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

/** The last place before `end`: what names a secret stands before it or at its start. */
function nearest(text: string, keyword: string, end: number): number {
  const before = text.lastIndexOf(keyword, end - keyword.length)
  return before < 0 ? text.indexOf(keyword, end) : before
}

/**
 * Bytes of the blob for each byte of text: 1, 2 in UTF-16; unknown where the text was decoded in
 * another way.
 */
function stepOf(spanBytes: number, textBytes: number): number | undefined {
  if (spanBytes === textBytes) return 1
  return spanBytes === textBytes * 2 - 1 ? 2 : undefined
}
