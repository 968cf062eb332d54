/**
 * Data that an audit may show: without secrets, with names scrubbed and escaped, and plain so that
 * it can cross threads. Types only.
 */
import type { Exposure, FileState, Origin } from './model.ts'
import type { Facts, Role, Severity } from './rule.ts'
import type { Verification } from './verification.ts'

/** A commit that introduced a credential. */
export interface ShownIntroduction {
  readonly commit: string
  readonly author: string
  /** ISO 8601 with offset. */
  readonly date: string
  readonly path?: string
}

/** A place where all secrets of a credential are together. */
export interface ShownPlace {
  readonly kind: Origin['kind']
  readonly path?: string
  readonly member?: string
  readonly object?: string
  readonly commit?: string
  readonly inName?: true
  readonly state?: FileState
  readonly line: number
  readonly column: number
  readonly roles: readonly Role[]
}

export interface ShownAttribution {
  readonly first: ShownIntroduction | null
  readonly last: ShownIntroduction | null
  readonly inHead: boolean
  readonly refs: readonly string[]
  readonly exposure: Exposure
  readonly hasMorePaths?: true
}

/** Reason to accept a value, and the last day of it. */
export interface Acceptance {
  readonly reason: string
  readonly expires?: string
}

/** A finding as the audit shows it. */
export interface ShownFinding {
  readonly fingerprint: string
  readonly rule: { readonly id: string; readonly description: string }
  readonly severity: Severity
  readonly parts: readonly { readonly role: Role; readonly redacted: string }[]
  readonly facts: Facts
  /** Number of all places; `places` has only the first ones. */
  readonly count: number
  readonly places: readonly ShownPlace[]
  /** Absent until history was read, and for a finding in no object. */
  readonly attribution?: ShownAttribution
  readonly verification: Verification
  readonly lapsed?: string
  readonly explanation: readonly string[]
  /** Steps to take, in order. */
  readonly advice: readonly string[]
  /** Set when an entry of `oakum.allow` accepts the finding. */
  readonly accepted?: Acceptance
}

/** A skip as one line. */
export interface ShownSkip {
  readonly outcome: 'failed' | 'bounded'
  readonly text: string
  readonly count: number
}

/** The coverage of an audit. */
export interface Coverage {
  readonly complete: boolean
  readonly skipped: readonly ShownSkip[]
  readonly commits: number
  readonly trees: number
  readonly tags: number
  readonly blobs: number
  readonly bytes: number
  /** Number of files of the work tree. */
  readonly files: number
  readonly durationMs: number
  readonly rules: number
  /** Names of the remotes of this clone. */
  readonly remotes: readonly string[]
  /** Env files that git tracks, without templates. */
  readonly envFiles: readonly string[]
  /** Number of suppressed candidates. */
  readonly suppressed: number
}

/** The result of an audit. */
export interface ShownAudit {
  /** Name of the repository's folder. */
  readonly name: string
  readonly findings: readonly ShownFinding[]
  readonly coverage: Coverage
}

/** A commit in the timeline of a credential. */
export interface ShownChange {
  readonly what: 'entered' | 'changed' | 'left'
  readonly commit: string
  readonly date: string
  readonly author: string
  readonly subject: string
  readonly path: string
}

/** Commits that introduced a credential, changed the lines around it and removed it, by time. */
export interface ShownLife {
  readonly changes: readonly ShownChange[]
  /** Reason why a part is missing. */
  readonly note?: string
}

/**
 * A line around a secret. A piece with `secret` is the redacted form or, where the user asked for
 * it, the secret.
 */
export interface ShownLine {
  /** Absent where it is unknown. */
  readonly number?: number
  readonly pieces: readonly { readonly text: string; readonly secret: boolean }[]
}

/** The lines around a place, or a note why there are none. */
export interface ShownContext {
  readonly lines: readonly ShownLine[]
  readonly note?: string
}

/** An action that the user plans for a finding. It changes nothing by itself. */
export type Mark = 'rotate' | 'rewrite'
