import type { Finding, Place } from '../../model/model.ts'
import type { Sighting, Sightings } from '../../model/sighting.ts'
import { compareSeverity, type Facts } from '../../model/rule.ts'
import { innermost } from './innermost.ts'
import { compareFindings } from './order.ts'
import { regionsOf } from './regions.ts'
import { isExpired } from './downgrade-expired.ts'

interface Collected {
  finding: Finding
  readonly places: [Place, ...Place[]]
  /** Keys of `places`. */
  readonly seen: Set<string>
}

/**
 * Findings by fingerprint: a credential in forty versions of a file is one finding with forty
 * places.
 */
export class FindingSet {
  readonly #byFingerprint = new Map<string, Collected>()

  /** How many different credentials were added. */
  get size(): number {
    return this.#byFingerprint.size
  }

  /** Adds a finding, or its places to the one that is known. True if the credential is new. */
  add(finding: Finding): boolean {
    const known = this.#byFingerprint.get(finding.fingerprint)
    if (known === undefined) {
      const [first, ...rest] = finding.places
      const collected: Collected = { finding, places: [first], seen: new Set([placeKey(first)]) }
      addPlaces(collected, rest)
      this.#byFingerprint.set(finding.fingerprint, collected)
      return true
    }
    addPlaces(known, finding.places)
    if (!saysTheSame(known.finding, finding)) known.finding = merged(known.finding, finding)
    return false
  }

  /** What was added, worst first, in an order that is the same for the same places. */
  findings(): readonly Finding[] {
    const all = Array.from(
      this.#byFingerprint.values(),
      ({ finding, places }): Finding => ({
        ...finding,
        places: innermost([places[0], ...places.slice(1)]),
      }),
    )
    return all.sort(compareFindings)
  }
}

function addPlaces(collected: Collected, places: readonly Place[]): void {
  for (const place of places) {
    const key = placeKey(place)
    if (collected.seen.has(key)) continue
    collected.seen.add(key)
    collected.places.push(place)
  }
}

/**
 * Two places are one when origin, span and role are. A name that is not UTF-8 is told by its bytes:
 * its text could be another's.
 */
function placeKey({ origin, role, span }: Place): string {
  const path =
    origin.path === undefined
      ? ''
      : `${origin.path.text}\0${origin.path.bytes === undefined ? '' : Buffer.from(origin.path.bytes).toString('hex')}`
  return [
    origin.kind,
    origin.object ?? '',
    origin.commit ?? '',
    origin.member ?? '',
    role,
    String(span.start),
    String(span.end),
    path,
  ].join('\0')
}

/**
 * What two findings of one credential come to: the one that knows most, with the higher severity
 * and what all know. Spent in one place, it is spent everywhere. Whatever the order in which many
 * are merged, it is the same.
 */
function merged(a: Finding, b: Finding): Finding {
  const [one, other] = [sightingsOf(a), sightingsOf(b)]
  const rich = isRicher(other.rich, one.rich) ? other.rich : one.rich
  const bySeverity = compareSeverity(other.worst.severity, one.worst.severity)
  const worst =
    bySeverity > 0 || (bySeverity === 0 && isRicher(other.worst, one.worst))
      ? other.worst
      : one.worst
  const sightings = {
    rich,
    worst,
    spent: one.spent || other.spent,
    facts: factsOfBoth(one.facts, other.facts),
  }
  const lapsed = [a.lapsed, b.lapsed].filter((words) => words !== undefined).toSorted()[0]
  const proposed = a.proposed && b.proposed
  const { proposed: _, ...rest } = a
  return {
    ...rest,
    ...seenTogether(sightings),
    ...regionsOf(a, b),
    sightings,
    ...(lapsed !== undefined && { lapsed }),
    ...(proposed && { proposed }),
  }
}

function sightingsOf({ rule, severity, parts, facts, explanation, sightings }: Finding): Sightings {
  const own = { rule, severity, parts, facts, explanation }
  return (
    sightings ?? { rich: own, worst: own, spent: severity === 'low' && isExpired(facts), facts }
  )
}

function seenTogether({ rich, worst, spent, facts }: Sightings): Sighting {
  const raised = compareSeverity(worst.severity, rich.severity) > 0 && !spent
  const others = Object.entries(facts)
    .filter(([name]) => !Object.hasOwn(rich.facts, name))
    .toSorted(([x], [y]) => (x < y ? -1 : 1))
  return {
    ...rich,
    severity: spent ? 'low' : worst.severity,
    facts: { ...rich.facts, ...Object.fromEntries(others) },
    explanation: raised
      ? [...new Set([...rich.explanation, ...worst.explanation])]
      : rich.explanation,
  }
}

/** Of two values of a fact that nobody who knows more decides, the same whoever came first. */
function factsOfBoth(a: Facts, b: Facts): Facts {
  const all = new Map(Object.entries(a))
  for (const [name, value] of Object.entries(b)) {
    const known = all.get(name)
    if (known === undefined || value < known) all.set(name, value)
  }
  return Object.fromEntries([...all].toSorted(([x], [y]) => (x < y ? -1 : 1)))
}

/** Forty versions of a file mostly say the same of what is in them. */
function saysTheSame(
  known: Finding,
  { rule, severity, facts, sightings, lapsed, proposed, regions, ...said }: Finding,
): boolean {
  const { rich } = sightingsOf(known)
  return (
    sightings === undefined &&
    rule.id === rich.rule.id &&
    severity === rich.severity &&
    known.lapsed === lapsed &&
    known.proposed?.reason === proposed?.reason &&
    String(known.regions) === String(regions) &&
    saidBy({ rule, severity, facts, ...said }) === saidBy(rich) &&
    JSON.stringify(facts) === JSON.stringify(rich.facts)
  )
}

/**
 * More parts say more; then the rule that knows its provider, then the worse one. Equal ones go by
 * rule id and what they say, not by who came first.
 */
function isRicher(a: Sighting, b: Sighting): boolean {
  if (a.parts.length !== b.parts.length) return a.parts.length > b.parts.length
  if (a.rule.generic !== b.rule.generic) return b.rule.generic
  const bySeverity = compareSeverity(a.severity, b.severity)
  if (bySeverity !== 0) return bySeverity > 0
  return a.rule.id === b.rule.id ? saidBy(a) < saidBy(b) : a.rule.id < b.rule.id
}

function saidBy({ parts, explanation }: Sighting): string {
  return [...parts.map(({ redacted }) => redacted), ...explanation].join('\0')
}
