/** The policy of a scan: configuration, allow entries and baseline as data. */
import type { Severity } from './rule.ts'
import type { RuleDefinition } from './rule-definition.ts'

/**
 * Source of the policy's files: none, the work tree, a commit (`--config-from`), or a path given as
 * an argument.
 */
export interface ConfigOrigin {
  readonly path: string | null
  readonly from: 'none' | 'worktree' | 'base' | 'argument'
}

/** A configured severity, which replaces that of a rule. */
export interface Level {
  readonly severity: Severity | 'off'
  readonly reason?: string
}

/** Paths in which findings are suppressed. */
export interface AllowedPath {
  readonly covers: (path: string) => boolean
  /** Ids, families or providers; default all. */
  readonly rules?: readonly string[]
  readonly reason: string
}

/** Values that are suppressed. */
export interface AllowedValue {
  readonly matches: (value: string) => boolean
  readonly rules?: readonly string[]
  /** Paths in which the value is suppressed; default all. */
  readonly covers?: (path: string) => boolean
  readonly reason: string
}

/** A line of `oakum.allow`: an accepted value. */
export interface AllowEntry {
  readonly fingerprint: string
  /** Globs; default all paths. */
  readonly paths?: readonly string[]
  readonly reason: string
  readonly author: string
  readonly date: string
  /** Last day on which the entry counts. */
  readonly expires?: string
  readonly ticket?: string
}

/** A line of `oakum.baseline`: a value that existed when Oakum was introduced. */
export interface BaselineEntry {
  readonly fingerprint: string
  readonly rule: string
  /** `history`: accepted by `oakum history` only. */
  readonly in: 'files' | 'history'
  readonly date: string
}

/** Which inline markers suppress the secrets on their line. */
export type Markers = 'accept' | 'require-reason' | 'ignore'

/** A rule of the user, with its file and line. */
export interface OwnRule {
  readonly definition: RuleDefinition
  /** `.oakum/acme.yaml:4` */
  readonly place: string
}

export interface Policy {
  readonly config: ConfigOrigin
  readonly rules: readonly OwnRule[]
  /** Configured levels by id, family or provider of rules. */
  readonly levels: ReadonlyMap<string, Level>
  readonly allowedPaths: readonly AllowedPath[]
  readonly allowedValues: readonly AllowedValue[]
  readonly allowed: readonly AllowEntry[]
  readonly baseline: readonly BaselineEntry[]
  readonly markers: Markers
  /**
   * The commit in which a line must already have had its marker, so that a change cannot allow its
   * own secrets. Absent: all markers count.
   */
  readonly markersAsOf?: string
  /** True when the policy may only add findings: it suppresses none and lowers no severity. */
  readonly strict: boolean
  /** The day, in UTC, on which expiry is judged: `2026-11-22`. */
  readonly today: string
}

/** A policy that changes nothing. */
export const noPolicy: Policy = {
  config: { path: null, from: 'none' },
  rules: [],
  levels: new Map(),
  allowedPaths: [],
  allowedValues: [],
  allowed: [],
  baseline: [],
  markers: 'accept',
  strict: false,
  today: '',
}

/** True for a policy that a scan does not need to apply. */
export function isPlain({ config, strict, markersAsOf }: Policy): boolean {
  return config.from === 'none' && !strict && markersAsOf === undefined
}
