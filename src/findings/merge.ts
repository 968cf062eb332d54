import type { Finding, Place } from '../model.ts'
import { compareSeverity } from '../rule.ts'
import { innermost } from './innermost.ts'
import { compareFindings } from './order.ts'
import { regionsOf } from './regions.ts'
import { isSpent } from './temper.ts'

interface Collected {
  finding: Finding
  readonly places: [Place, ...Place[]]
  /** Keys of `places`. */
  readonly seen: Set<string>
}

/** Findings by fingerprint: a credential in forty versions of a file is one finding with forty places. */
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
    known.finding = merged(known.finding, finding)
    return false
  }

  /** What was added, worst first, in an order that is the same for the same places. */
  findings(): readonly Finding[] {
    const all = Array.from(this.#byFingerprint.values(), ({ finding, places }): Finding => ({ ...finding, places: innermost([places[0], ...places.slice(1)]) }))
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

/** Two places are one when origin, span and role are. A name that is not UTF-8 is told by its bytes: its text could be another's. */
function placeKey({ origin, role, span }: Place): string {
  const path = origin.path === undefined ? '' : `${origin.path.text}\0${origin.path.bytes === undefined ? '' : Buffer.from(origin.path.bytes).toString('hex')}`
  return [origin.kind, origin.object ?? '', origin.commit ?? '', origin.member ?? '', role, String(span.start), String(span.end), path].join('\0')
}

/** The richer of two findings of one credential, with the higher severity and what both know. Spent in one place, it is spent everywhere. */
function merged(a: Finding, b: Finding): Finding {
  const [rich, poor] = isRicher(b, a) ? [b, a] : [a, b]
  const spent = [rich, poor].some((one) => one.severity === 'low' && isSpent(one.facts))
  const raised = compareSeverity(poor.severity, rich.severity) > 0 && !spent
  return {
    ...rich,
    severity: spent ? 'low' : raised ? poor.severity : rich.severity,
    facts: { ...poor.facts, ...rich.facts },
    ...regionsOf(rich, poor),
    explanation: raised ? [...new Set([...rich.explanation, ...poor.explanation])] : rich.explanation,
  }
}

/** More parts say more; then the rule that knows its provider, then the worse one. Equal ones go by rule id and what they say, not by who came first. */
function isRicher(a: Finding, b: Finding): boolean {
  if (a.parts.length !== b.parts.length) return a.parts.length > b.parts.length
  if (a.rule.generic !== b.rule.generic) return b.rule.generic
  const bySeverity = compareSeverity(a.severity, b.severity)
  if (bySeverity !== 0) return bySeverity > 0
  return a.rule.id === b.rule.id ? saidBy(a) < saidBy(b) : a.rule.id < b.rule.id
}

function saidBy({ parts, explanation }: Finding): string {
  return [...parts.map(({ redacted }) => redacted), ...explanation].join('\0')
}
