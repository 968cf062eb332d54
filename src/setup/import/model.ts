/** What an import reads, what it makes, and what it says of each entry. Types only. */
import type { Severity } from '../../model/rule.ts'
import type { Literal } from './regexp/required-literals.ts'

export type Tool = 'gitleaks' | 'detect-secrets' | 'trufflehog' | 'git-secrets' | 'secretlint'

/** `narrower`: a rule finds less than before, or an allowance covers less. */
export type Outcome = 'imported' | 'narrower' | 'left-out'

/** What became of one entry of another tool's file. */
export interface ImportLogEntry {
  /** Relative to the current folder where it is below. */
  readonly file: string
  /** 1-based, where the file has lines to speak of. */
  readonly line?: number
  /** `rule acme-token`, `allowlist 2, path 3`. Never a value. */
  readonly entry: string
  readonly outcome: Outcome
  /** Why, or in what it differs. */
  readonly notes: readonly string[]
}

/** One way an imported rule finds its secret. */
export interface ImportedPart {
  readonly keywords: readonly Literal[]
  readonly pattern: { readonly text: string; readonly ignoreCase: boolean }
  readonly window: number
  readonly entropy: number
}

export interface ImportedRule {
  readonly id: string
  readonly description: string
  readonly severity: Severity
  readonly madeBy: 'machine' | 'person'
  readonly parts: readonly [ImportedPart, ...ImportedPart[]]
}

/** An entry of `allow.paths` of oakum.yaml. */
export type AllowPathEntry = ({ readonly pattern: string } | { readonly glob: string }) & {
  readonly rules?: readonly string[]
  readonly reason: string
}

/** An entry of `allow.values` of oakum.yaml. */
export type AllowValueEntry = ({ readonly pattern: string } | { readonly contains: string }) & {
  readonly rules?: readonly string[]
  readonly paths?: readonly string[]
  readonly reason: string
}

/** A line of oakum.allow, but for author and date. */
export interface AllowSecretEntry {
  readonly fingerprint: string
  readonly paths: readonly string[]
  readonly reason: string
}

/** All that came of one or more files of a tool. */
export interface Imported {
  readonly rules: readonly ImportedRule[]
  readonly paths: readonly AllowPathEntry[]
  readonly values: readonly AllowValueEntry[]
  readonly secrets: readonly AllowSecretEntry[]
  readonly log: readonly ImportLogEntry[]
}
