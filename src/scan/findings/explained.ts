import type { Candidate, Suppression } from '../../model/model.ts'
import type { ExplainedCandidate } from '../../model/outcome.ts'
import { anchorOf } from './anchor.ts'
import { redact } from './redact.ts'

/** All that can be said of a candidate, without the secret. */
export function explained(
  { rule, parts, severity, blob, explanation }: Candidate,
  suppression: Suppression | undefined,
): ExplainedCandidate {
  const found = new Set(parts.map((part) => part.found))
  return {
    rule,
    origin: blob.origins[0],
    severity,
    parts: parts.map((part) => {
      const anchor = anchorOf(part, rule)
      return {
        role: part.role,
        secret: part.secret,
        redacted: redact(part.secret.reveal(), part.role, rule.madeBy),
        span: part.span,
        found: part.found,
        ...(anchor && { anchor }),
      }
    }),
    explanation: explanation.filter((line) => !found.has(line)),
    ...(suppression && { suppression }),
  }
}

/**
 * Why a candidate is what it is: its rule, how each part was found and by which keyword, and what
 * joined them.
 */
export function explanationOf({ rule, parts, explanation }: Candidate): readonly string[] {
  const anchors = parts.flatMap((part) => {
    const anchor = anchorOf(part, rule)
    return anchor === undefined
      ? []
      : [`${part.role}: keyword ${wordsOf(anchor.keyword, anchor.distance)}`]
  })
  return [
    ...new Set([`rule ${rule.id}`, ...explanation, ...parts.map((part) => part.found), ...anchors]),
  ]
}

function wordsOf(keyword: string, distance: number): string {
  if (distance === 0) return `${keyword} at its start`
  return `${keyword} ${Math.abs(distance)} bytes ${distance < 0 ? 'before it' : 'behind its start'}`
}
