/** Sightings: the evidence for a credential at one place. Types only. */
import type { Facts, Role, Rule, Severity } from './rule.ts'
import type { Secret } from './secret.ts'

/**
 * One secret of a finding. `fingerprint` is that of its value, for findings read from a report,
 * which has no values.
 */
export interface FindingPart {
  readonly role: Role
  readonly secret: Secret
  readonly redacted: string
  readonly fingerprint?: string
  /** True for the id of a signed address, to which no secret belongs. */
  readonly isSigned?: true
}

/** The evidence of one sighting of a credential. */
export interface Sighting {
  readonly rule: Rule
  readonly severity: Severity
  /** One part per role, the most important first. */
  readonly parts: readonly FindingPart[]
  readonly facts: Facts
  readonly explanation: readonly string[]
}

/**
 * The sightings that a merged finding was made of, where they differ: the richest one, the worst
 * one, whether one is spent, and the facts of all.
 */
export interface Sightings {
  readonly rich: Sighting
  readonly worst: Sighting
  readonly spent: boolean
  readonly facts: Facts
}
