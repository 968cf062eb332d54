/** Collects findings by credential and merges those with the same fingerprint. */
import type { Finding, Origin, Place } from '../../model/model.ts'
import type { Sighting, Sightings } from '../../model/sighting.ts'
import { compareSeverity, type Facts } from '../../model/rule.ts'
import { compareFindings } from './order.ts'
import { otherIdsField } from './other-ids.ts'
import { mergeRegions } from './regions.ts'
import { isExpired } from './downgrade-expired.ts'

interface MergedFinding {
  finding: Finding
  readonly places: [Place, ...Place[]]
  /** Keys of `places`, to skip repeated ones. */
  readonly placeKeys: Set<string>
}

/**
 * Findings by fingerprint. A credential in forty versions of a file is one finding with forty
 * places.
 */
export class FindingSet {
  readonly #byFingerprint = new Map<string, MergedFinding>()

  /** Number of different credentials. */
  get size(): number {
    return this.#byFingerprint.size
  }

  /**
   * Adds a finding, or only its places when its credential is in the set. Returns true for a new
   * credential.
   */
  add(finding: Finding): boolean {
    const existing = this.#byFingerprint.get(finding.fingerprint)
    if (existing === undefined) {
      const [first, ...rest] = finding.places
      const fresh: MergedFinding = {
        finding,
        places: [first],
        placeKeys: new Set([placeKey(first)]),
      }
      addPlaces(fresh, rest)
      this.#byFingerprint.set(finding.fingerprint, fresh)
      return true
    }
    addPlaces(existing, finding.places)
    if (!hasSameEvidence(existing.finding, finding))
      existing.finding = mergeFindings(existing.finding, finding)
    return false
  }

  /** Returns the findings, worst first, in an order that depends only on the places. */
  findings(): readonly Finding[] {
    const all = Array.from(
      this.#byFingerprint.values(),
      ({ finding, places }): Finding => ({
        ...finding,
        places: innermostPlaces([places[0], ...places.slice(1)]),
      }),
    )
    return all.sort(compareFindings)
  }
}

function addPlaces(finding: MergedFinding, places: readonly Place[]): void {
  for (const place of places) {
    const key = placeKey(place)
    if (finding.placeKeys.has(key)) continue
    finding.placeKeys.add(key)
    finding.places.push(place)
  }
}

/**
 * Returns a key that is equal for places with the same origin, span and role. A path that is not
 * UTF-8 is compared by its bytes, as two such paths may have the same text.
 */
function placeKey({ origin, role, span }: Place): string {
  const { text, bytes } = origin.path ?? {}
  const path =
    text === undefined ? '' : `${text}\0${bytes ? Buffer.from(bytes).toString('hex') : ''}`
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
 * Merges two findings of one credential: the evidence of the richer one, the higher severity and
 * the facts of both. A credential that is spent in one place is spent everywhere. The result does
 * not depend on the order in which findings are merged.
 */
function mergeFindings(a: Finding, b: Finding): Finding {
  const [ofA, ofB] = [sightingsOf(a), sightingsOf(b)]
  const rich = isRicher(ofB.rich, ofA.rich) ? ofB.rich : ofA.rich
  const bySeverity = compareSeverity(ofB.worst.severity, ofA.worst.severity)
  const worst =
    bySeverity > 0 || (bySeverity === 0 && isRicher(ofB.worst, ofA.worst)) ? ofB.worst : ofA.worst
  const sightings = {
    rich,
    worst,
    spent: ofA.spent || ofB.spent,
    facts: mergeFacts(ofA.facts, ofB.facts),
  }
  const combined = combineSightings(sightings)
  const lapsed = [a.lapsed, b.lapsed].filter((words) => words !== undefined).toSorted()[0]
  const proposed = a.proposed && b.proposed
  const { proposed: _, otherIds: __, ...rest } = a
  return {
    ...rest,
    ...combined,
    ...otherIdsField(combined, [a, b, ...[ofA, ofB].flatMap((of) => [of.rich, of.worst])]),
    ...mergeRegions(a, b),
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

function combineSightings({ rich, worst, spent, facts }: Sightings): Sighting {
  const raised = compareSeverity(worst.severity, rich.severity) > 0 && !spent
  const missingFacts = Object.entries(facts)
    .filter(([name]) => !Object.hasOwn(rich.facts, name))
    .toSorted(([x], [y]) => (x < y ? -1 : 1))
  return {
    ...rich,
    severity: spent ? 'low' : worst.severity,
    facts: { ...rich.facts, ...Object.fromEntries(missingFacts) },
    explanation: raised
      ? [...new Set([...rich.explanation, ...worst.explanation])]
      : rich.explanation,
  }
}

/**
 * Merges facts. Where both have a value and neither finding is richer, the smaller one counts, so
 * that the order of merging does not matter.
 */
function mergeFacts(a: Facts, b: Facts): Facts {
  const all = new Map(Object.entries(a))
  for (const [name, value] of Object.entries(b)) {
    const existing = all.get(name)
    if (existing === undefined || value < existing) all.set(name, value)
  }
  return Object.fromEntries([...all].toSorted(([x], [y]) => (x < y ? -1 : 1)))
}

/** True when a finding adds nothing to `merged`, as with most versions of a file: merging is skipped. */
function hasSameEvidence(
  merged: Finding,
  { rule, severity, facts, sightings, lapsed, proposed, regions, otherIds, ...rest }: Finding,
): boolean {
  const { rich } = sightingsOf(merged)
  return (
    sightings === undefined &&
    rule.id === rich.rule.id &&
    severity === rich.severity &&
    merged.lapsed === lapsed &&
    merged.proposed?.reason === proposed?.reason &&
    String(merged.regions) === String(regions) &&
    redactedText(merged.otherIds) === redactedText(otherIds) &&
    evidenceText({ rule, severity, facts, ...rest }) === evidenceText(rich) &&
    JSON.stringify(facts) === JSON.stringify(rich.facts)
  )
}

/**
 * Orders sightings by evidence: more parts, then a rule that knows its provider, then the higher
 * severity. Equal sightings are ordered by rule id and text, so that the order of the scan does not
 * matter.
 */
function isRicher(a: Sighting, b: Sighting): boolean {
  if (a.parts.length !== b.parts.length) return a.parts.length > b.parts.length
  if (a.rule.generic !== b.rule.generic) return b.rule.generic
  const bySeverity = compareSeverity(a.severity, b.severity)
  if (bySeverity !== 0) return bySeverity > 0
  return a.rule.id === b.rule.id ? evidenceText(a) < evidenceText(b) : a.rule.id < b.rule.id
}

function evidenceText({ parts, explanation }: Sighting): string {
  return [redactedText(parts), ...explanation].join('\0')
}

function redactedText(parts: Finding['otherIds'] = []): string {
  return parts.map(({ redacted }) => redacted).join('\0')
}

/**
 * Drops places in an archive's own bytes when the same secret is also found in a member. A member
 * that is stored without compression is scanned twice, and the place in the member is the more
 * precise one.
 */
function innermostPlaces(places: readonly [Place, ...Place[]]): readonly [Place, ...Place[]] {
  const outer = new Set(
    places.flatMap(({ origin, role }) =>
      enclosingMembers(origin.member).map((member) => memberKey({ ...origin, member }, role)),
    ),
  )
  if (outer.size === 0) return places
  const [first, ...rest] = places.filter(({ origin, role }) => !outer.has(memberKey(origin, role)))
  return first === undefined ? places : [first, ...rest]
}

/**
 * Returns what contains a member: for `a.zip/b/c.txt` the outer archive itself, `a.zip` and
 * `a.zip/b`.
 */
function enclosingMembers(member: string | undefined): readonly string[] {
  return member === undefined
    ? []
    : ['', ...Array.from(member.matchAll(/\//g), ({ index }) => member.slice(0, index))]
}

function memberKey({ kind, object, commit, path, member }: Origin, role: Place['role']): string {
  return JSON.stringify([kind, object, commit, path?.text, member ?? '', role])
}
