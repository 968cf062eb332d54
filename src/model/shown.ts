/**
 * What an audit may show: no secret in it, names scrubbed of secrets and escaped, and plain data
 * that crosses threads. Types only.
 */
import type { Exposure, FileState, Origin } from './model.ts'
import type { Facts, Role, Severity } from './rule.ts'
import type { Verification } from './verification.ts'

/** A commit that brought something in. */
export interface ShownIntroduction {
  readonly commit: string
  readonly author: string
  /** ISO 8601 with offset. */
  readonly date: string
  readonly path?: string
}

/** Where all secrets of a credential stand together. */
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
}

/** Why somebody let a value stay, and until when. */
export interface Acceptance {
  readonly reason: string
  readonly expires?: string
}

/** A finding as people see it. */
export interface ShownFinding {
  readonly fingerprint: string
  readonly rule: { readonly id: string; readonly description: string }
  readonly severity: Severity
  readonly parts: readonly { readonly role: Role; readonly redacted: string }[]
  readonly facts: Facts
  /** How many places there are; `places` has the first of them. */
  readonly count: number
  readonly places: readonly ShownPlace[]
  /** Absent until history was asked, and of what is in no object. */
  readonly attribution?: ShownAttribution
  readonly verification: Verification
  readonly lapsed?: string
  readonly explanation: readonly string[]
  /** What to do, in order. */
  readonly advice: readonly string[]
  /** An entry of `oakum.allow` lets it stay. */
  readonly accepted?: Acceptance
}

/** Something that was not read, in one line. */
export interface ShownSkip {
  readonly outcome: 'failed' | 'bounded'
  readonly text: string
  readonly count: number
}

/** What an audit read, and what not. */
export interface Coverage {
  readonly complete: boolean
  readonly skipped: readonly ShownSkip[]
  readonly commits: number
  readonly trees: number
  readonly tags: number
  readonly blobs: number
  readonly bytes: number
  /** Files of the work tree. */
  readonly files: number
  readonly durationMs: number
  readonly rules: number
  /** Names of the remotes this clone knows. */
  readonly remotes: readonly string[]
  /** Env files that git tracks, templates left out. */
  readonly envFiles: readonly string[]
  /** What was ruled out, by reason. */
  readonly suppressed: number
}

/** All that an audit came to. */
export interface ShownAudit {
  /** The folder, in one word. */
  readonly name: string
  readonly findings: readonly ShownFinding[]
  readonly coverage: Coverage
}

/** A commit in the life of a credential. */
export interface ShownChange {
  readonly what: 'entered' | 'changed' | 'left'
  readonly commit: string
  readonly date: string
  readonly author: string
  readonly subject: string
  readonly path: string
}

/** When a credential came, changed its surroundings, and went, in the order of time. */
export interface ShownLife {
  readonly changes: readonly ShownChange[]
  /** Why some of it is missing. */
  readonly note?: string
}

/**
 * A line around a secret. `secret`: its own redacted form, or, where it was asked for, the secret.
 */
export interface ShownLine {
  /** Absent where nobody can tell. */
  readonly number?: number
  readonly pieces: readonly { readonly text: string; readonly secret: boolean }[]
}

/** What stands around a place; or why nobody can tell. */
export interface ShownContext {
  readonly lines: readonly ShownLine[]
  readonly note?: string
}

/** What is planned for a finding. Nothing is done by that. */
export type Mark = 'rotate' | 'rewrite'
