/** The data of an import: what another tool's files contain for Oakum, and the log of each entry. */
import type { Severity } from '../../model/rule.ts'
import type { Literal } from './regexp/required-literals.ts'

export type Tool = 'gitleaks' | 'detect-secrets' | 'trufflehog' | 'git-secrets' | 'secretlint'

/** `narrower`: an imported rule finds less, or an allow entry covers less, than the original. */
export type Outcome = 'imported' | 'narrower' | 'skipped'

/** The result of importing one entry of another tool's file. */
export interface ImportLogEntry {
  /** Path relative to the current folder when it is below, else absolute. */
  readonly file: string
  /** 1-based; absent for formats without meaningful lines. */
  readonly line?: number
  /** Name of the entry: `rule acme-token`, `allowlist 2, path 3`. It never contains a value. */
  readonly entry: string
  readonly outcome: Outcome
  /** Reasons of the outcome, and differences from the original. */
  readonly notes: readonly string[]
}

/** One pattern of an imported rule and the keywords near which it is tried. */
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

/** An item of `allow.paths` in oakum.yaml. */
export type AllowPathEntry = ({ readonly pattern: string } | { readonly glob: string }) & {
  readonly rules?: readonly string[]
  readonly reason: string
}

/** An item of `allow.values` in oakum.yaml. */
export type AllowValueEntry = ({ readonly pattern: string } | { readonly contains: string }) & {
  readonly rules?: readonly string[]
  readonly paths?: readonly string[]
  readonly reason: string
}

/** A line of oakum.allow without author and date. */
export interface AllowSecretEntry {
  readonly fingerprint: string
  readonly paths: readonly string[]
  readonly reason: string
}

/** The result of importing one or more files of a tool. */
export interface Imported {
  readonly rules: readonly ImportedRule[]
  readonly paths: readonly AllowPathEntry[]
  readonly values: readonly AllowValueEntry[]
  readonly secrets: readonly AllowSecretEntry[]
  readonly log: readonly ImportLogEntry[]
}

/** An import without any entries, to extend. */
export const emptyImport: Imported = { rules: [], paths: [], values: [], secrets: [], log: [] }

/** Joins the entries of several imports. */
export function mergeImports(imports: readonly Imported[]): Imported {
  return {
    rules: imports.flatMap(({ rules }) => rules),
    paths: imports.flatMap(({ paths }) => paths),
    values: imports.flatMap(({ values }) => values),
    secrets: imports.flatMap(({ secrets }) => secrets),
    log: imports.flatMap(({ log }) => log),
  }
}
