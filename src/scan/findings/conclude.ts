/** Turns a candidate into a finding, or into a suppressed candidate. */
import type {
  Candidate,
  Excerpt,
  Origin,
  Part,
  Place,
  Suppressed,
  Suppression,
  UnnamedFinding,
} from '../../model/model.ts'
import type { Facts, Rule } from '../../model/rule.ts'
import { isEntryFile } from '../env-files/mask-values.ts'
import { explanationOf, stateLines } from './explained.ts'
import { primaryPartOf } from './fingerprint.ts'
import { excerptOf, redact } from './redact.ts'
import { downgradeExpired } from './downgrade-expired.ts'

/**
 * Returns the finding for a candidate that nothing suppresses: one part per role, every place of
 * every part, and no verification. `now` (milliseconds since 1970) decides what has expired. The
 * fingerprint comes later (`fingerprinter.ts`), because some take long to compute.
 */
export function conclude(candidate: Candidate, now?: number): UnnamedFinding {
  const { rule, parts } = candidate
  const [first, ...rest] = firstOfEachRole(parts)
  const finding: UnnamedFinding = {
    rule,
    severity: candidate.severity,
    parts: [first, ...rest].map(({ role, secret, pairs }) => ({
      role,
      secret,
      redacted: redact(secret.reveal(), role, rule.madeBy),
      ...(pairs === 'tokens' && { isSigned: true }),
    })),
    ...otherIdsOf(candidate),
    facts: factsOf(parts),
    places: placesOf(candidate),
    verification: { status: 'not-tried' },
    explanation: [...new Set([...explanationOf(candidate), ...stateLines(candidate.blob.origins)])],
  }
  return downgradeExpired(finding, parts, now)
}

/**
 * Returns a key that is equal for candidates or findings about the same credential. It contains the secret, so
 * it must never leave the scan.
 */
export function credentialKey({
  rule,
  parts,
}: {
  readonly rule: Pick<Rule, 'family'>
  readonly parts: readonly Pick<Part, 'role' | 'secret'>[]
}): string {
  const [first, ...rest] = parts
  const value = first === undefined ? '' : primaryPartOf([first, ...rest]).secret.reveal()
  return `${rule.family}\0${value}`
}

/** Returns the field `otherIds`: each id to which the secret may belong, once. */
function otherIdsOf({ rule, parts, otherIds = [] }: Candidate): Pick<UnnamedFinding, 'otherIds'> {
  const own = parts.find(({ role }) => role === 'id')?.secret.reveal()
  const byValue = new Map(otherIds.map(({ role, secret }) => [secret.reveal(), { role, secret }]))
  if (own !== undefined) byValue.delete(own)
  if (byValue.size === 0) return {}
  return {
    otherIds: Array.from(byValue, ([value, part]) => ({
      ...part,
      redacted: redact(value, part.role, rule.madeBy),
    })),
  }
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
