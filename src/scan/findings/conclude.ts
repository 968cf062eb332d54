import type { Candidate, Excerpt, Finding, Origin, Part, Place } from '../../model/model.ts'
import type { Facts, Rule } from '../../model/rule.ts'
import { primaryPartOf } from './primary-part.ts'
import { excerptOf } from './excerpt.ts'
import { explanationOf } from './explained.ts'
import { stateLines } from './file-state.ts'
import { fingerprint } from './fingerprint.ts'
import { redact } from './redact.ts'
import { downgradeExpired } from './downgrade-expired.ts'

/**
 * The finding that an unsuppressed candidate is: one part a role, every place of every part,
 * nothing verified. `now`, in milliseconds, tells what has expired. `nameOf`: the fingerprint of a
 * value.
 */
export function conclude(
  candidate: Candidate,
  now?: number,
  nameOf: (text: string, rule: Rule) => string = fingerprintUnder,
): Finding {
  const { rule, parts } = candidate
  const [first, ...rest] = firstOfEachRole(parts)
  const bearer = primaryPartOf([first, ...rest])
  const finding: Finding = {
    fingerprint: nameOf(bearer.secret.reveal(), rule),
    rule,
    severity: candidate.severity,
    parts: [first, ...rest].map(({ role, secret }) => ({
      role,
      secret,
      redacted: redact(secret.reveal(), role, rule.madeBy),
    })),
    facts: factsOf(parts),
    places: placesOf(candidate),
    verification: { status: 'not-tried' },
    explanation: [...new Set([...explanationOf(candidate), ...stateLines(candidate.blob.origins)])],
  }
  return downgradeExpired(finding, parts, now)
}

/** The fingerprint that a value has as a secret of a rule. */
export function fingerprintUnder(text: string, { family, madeBy }: Rule): string {
  return fingerprint(family, text, madeBy)
}

/** Equal for candidates about the same credential. Holds the secret, so it stays within a scan. */
export function credentialKey({ rule, parts: [first, ...rest] }: Candidate): string {
  return `${rule.family}\0${primaryPartOf([first, ...rest]).secret.reveal()}`
}

function firstOfEachRole(parts: Candidate['parts']): readonly [Part, ...Part[]] {
  const [first, ...rest] = parts
  const roles = new Set([first.role])
  const others = rest.filter((part) => !roles.has(part.role) && roles.add(part.role))
  return [first, ...others]
}

/** What the parts say of themselves; where two disagree, the part that matters more is right. */
function factsOf(parts: readonly Part[]): Facts {
  return Object.assign({}, ...parts.toReversed().map((part) => part.facts))
}

function placesOf({ rule, parts, blob }: Candidate): readonly [Place, ...Place[]] {
  const [first, ...rest] = parts
  const [origin, ...others] = blob.origins
  const placed = (part: Part, at: Origin): Place =>
    placeOf(part, at, isNamed(at) ? excerptOf(part, parts, rule.madeBy) : undefined)
  return [
    placed(first, origin),
    ...rest.map((part) => placed(part, origin)),
    ...others.flatMap((other) => parts.map((part) => placed(part, other))),
  ]
}

/** A history has more places than anyone reads lines of. */
function isNamed({ kind, path }: Origin): boolean {
  return kind !== 'commit' || path !== undefined
}

function placeOf({ role, span }: Part, origin: Origin, excerpt: Excerpt | undefined): Place {
  return { origin, role, span, ...(excerpt && { excerpt }) }
}
