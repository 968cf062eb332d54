/** Turns a candidate into a finding, or into a suppressed candidate. */
import type {
  Candidate,
  Excerpt,
  Finding,
  Origin,
  Part,
  Place,
  Suppressed,
  Suppression,
} from '../../model/model.ts'
import type { Facts, Rule } from '../../model/rule.ts'
import { isEntryFile } from '../env-files/mask-values.ts'
import { explanationOf, stateLines } from './explained.ts'
import { fingerprint, primaryPartOf } from './fingerprint.ts'
import { excerptOf, redact } from './redact.ts'
import { downgradeExpired } from './downgrade-expired.ts'

/**
 * Returns the finding for a candidate that nothing suppresses: one part per role, every place of
 * every part, and no verification. `now` (milliseconds since 1970) decides what has expired.
 * `fingerprintOf` computes or caches fingerprints.
 */
export function conclude(
  candidate: Candidate,
  now?: number,
  fingerprintOf: (text: string, rule: Rule) => string = fingerprintOfValue,
): Finding {
  const { rule, parts } = candidate
  const [first, ...rest] = firstOfEachRole(parts)
  const primaryPart = primaryPartOf([first, ...rest])
  const finding: Finding = {
    fingerprint: fingerprintOf(primaryPart.secret.reveal(), rule),
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

/** Returns the fingerprint of a value that a rule found. */
export function fingerprintOfValue(text: string, { family, madeBy }: Rule): string {
  return fingerprint(family, text, madeBy)
}

/**
 * Returns a key that is equal for candidates about the same credential. It contains the secret, so
 * it must never leave the scan.
 */
export function credentialKey({ rule, parts: [first, ...rest] }: Candidate): string {
  return `${rule.family}\0${primaryPartOf([first, ...rest]).secret.reveal()}`
}

function firstOfEachRole(parts: Candidate['parts']): readonly [Part, ...Part[]] {
  const [first, ...rest] = parts
  const roles = new Set([first.role])
  const otherRoles = rest.filter((part) => !roles.has(part.role) && roles.add(part.role))
  return [first, ...otherRoles]
}

/** Merges the facts of all parts; where two disagree, the fact of the earlier part counts. */
function factsOf(parts: readonly Part[]): Facts {
  return Object.assign({}, ...parts.toReversed().map((part) => part.facts))
}

function placesOf({ rule, parts, blob }: Candidate): readonly [Place, ...Place[]] {
  const [first, ...rest] = parts
  const [origin, ...otherOrigins] = blob.origins
  const options = { madeBy: rule.madeBy, isEntries: blob.origins.some(isEntryFile) }
  const placeAt = (part: Part, at: Origin): Place =>
    placeOf(part, at, isNamed(at) ? excerptOf(part, parts, options) : undefined)
  return [
    placeAt(first, origin),
    ...rest.map((part) => placeAt(part, origin)),
    ...otherOrigins.flatMap((at) => parts.map((part) => placeAt(part, at))),
  ]
}

/** Excerpts are made only for places with a path: a history has more places than anyone reads. */
function isNamed({ kind, path }: Origin): boolean {
  return kind !== 'commit' || path !== undefined
}

function placeOf({ role, span }: Part, origin: Origin, excerpt: Excerpt | undefined): Place {
  return { origin, role, span, ...(excerpt && { excerpt }) }
}

/** Returns the record of a candidate that is no finding, to be counted and shown. */
export function toSuppressed(
  { rule, parts, blob }: Candidate,
  suppression: Suppression,
): Suppressed {
  const { role, secret, span } = parts[0]
  return {
    rule: rule.id,
    suppression,
    redacted: redact(secret.reveal(), role, rule.madeBy),
    place: { origin: blob.origins[0], role, span },
  }
}
