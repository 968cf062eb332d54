/** Explains in words, without the secret, why a candidate was found. */
import type { Candidate, FileState, Origin, Suppression } from '../../model/model.ts'
import type { ExplainedCandidate } from '../../model/outcome.ts'
import { nearestKeywordOf } from './nearest-keyword.ts'
import { redact } from './redact.ts'

/** Returns everything that `oakum rules explain` may show of a candidate. */
export function explainCandidate(
  { rule, parts, severity, blob, explanation }: Candidate,
  suppression: Suppression | undefined,
): ExplainedCandidate {
  const evidence = new Set(parts.map((part) => part.found))
  return {
    rule,
    origin: blob.origins[0],
    severity,
    parts: parts.map((part) => {
      const anchor = nearestKeywordOf(part, rule)
      return {
        role: part.role,
        secret: part.secret,
        redacted: redact(part.secret.reveal(), part.role, rule.madeBy),
        span: part.span,
        found: part.found,
        ...(anchor && { anchor }),
      }
    }),
    explanation: explanation.filter((line) => !evidence.has(line)),
    ...(suppression && { suppression }),
  }
}

/**
 * Returns the explanation of a finding: the rule, the evidence and the keyword of each part, and
 * the reason that joined the parts.
 */
export function explanationOf({ rule, parts, explanation }: Candidate): readonly string[] {
  const keywordLines = parts.flatMap((part) => {
    const nearest = nearestKeywordOf(part, rule)
    return nearest === undefined
      ? []
      : [`${part.role}: keyword ${positionText(nearest.keyword, nearest.distance)}`]
  })
  return [
    ...new Set([
      `rule ${rule.id}`,
      ...explanation,
      ...parts.map((part) => part.found),
      ...keywordLines,
    ]),
  ]
}

function positionText(keyword: string, distance: number): string {
  if (distance === 0) return `${keyword} at its start`
  return `${keyword} ${Math.abs(distance)} bytes ${distance < 0 ? 'before it' : 'behind its start'}`
}

/** Texts for the state of a file, the most exposed state first. */
const stateTexts: Readonly<Record<FileState, string>> = {
  tracked: 'git tracks the file',
  staged: 'the file is staged: the next commit takes it',
  untracked: 'git does not ignore the file: the next git add . takes it',
  template: 'the file is a template, which is there to be committed',
  local: "the file is git's own: no commit takes it, and whoever copies this clone has it",
  ignored: 'git ignores the file: no commit takes it',
}

/** Returns the states of the files that hold a secret, in words, each once. */
export function stateLines(origins: readonly Origin[]): readonly string[] {
  const states = new Set(origins.map(({ state }) => state))
  return Object.entries(stateTexts).flatMap(([state, line]) =>
    [...states].some((present) => present === state) ? [line] : [],
  )
}
