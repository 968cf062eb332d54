/** What is said of a credential where it was seen. Types only. */
import type { Facts, Role, Rule, Severity } from './rule.ts'
import type { Secret } from './secret.ts'

/**
 * One secret of a finding. `fingerprint` is that of its value, where the value itself is not at
 * hand: findings that were read from a report.
 */
export interface FindingPart {
  readonly role: Role
  readonly secret: Secret
  readonly redacted: string
  readonly fingerprint?: string
}

/** What one sighting of a credential says of it. */
export interface Sighting {
  readonly rule: Rule
  readonly severity: Severity
  /** One a role, the most important first. */
  readonly parts: readonly FindingPart[]
  readonly facts: Facts
  readonly explanation: readonly string[]
}

/**
 * What a finding was made of where its sightings differ: the one that knows most, the worst one,
 * whether one is spent, and facts of all.
 */
export interface Sightings {
  readonly rich: Sighting
  readonly worst: Sighting
  readonly spent: boolean
  readonly facts: Facts
}
