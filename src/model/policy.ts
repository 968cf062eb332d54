/** What configuration, allow entries and baseline decide about a scan. */
import type { Severity } from './rule.ts'
import type { RuleDefinition } from './rule-definition.ts'

/**
 * Where the files of a policy come from: nowhere, the work tree, a commit (`--config-from`), or a
 * path that was given.
 */
export interface ConfigOrigin {
  readonly path: string | null
  readonly from: 'none' | 'worktree' | 'base' | 'argument'
}

/** What is done with findings of a rule: what the rule says, or this. */
export interface Level {
  readonly severity: Severity | 'off'
  readonly reason?: string
}

/** Paths where nothing needs to be found. */
export interface AllowedPath {
  readonly covers: (path: string) => boolean
  /** Ids, families or providers; default all. */
  readonly rules?: readonly string[]
  readonly reason: string
}

/** Values that are no secrets. */
export interface AllowedValue {
  readonly matches: (value: string) => boolean
  readonly rules?: readonly string[]
  /** Only there; default everywhere. */
  readonly covers?: (path: string) => boolean
  readonly reason: string
}

/** A line of `oakum.allow`: this value may stay. */
export interface AllowEntry {
  readonly fingerprint: string
  /** Globs; default everywhere. */
  readonly paths?: readonly string[]
  readonly reason: string
  readonly author: string
  readonly date: string
  /** The last day on which it counts. */
  readonly expires?: string
  readonly ticket?: string
}

/** A line of `oakum.baseline`: this value was there when Oakum came. */
export interface BaselineEntry {
  readonly fingerprint: string
  readonly rule: string
  /** `history`: accepted by `oakum history` only. */
  readonly in: 'files' | 'history'
  readonly date: string
}

/** Which remarks on a line allow its secret. */
export type Markers = 'accept' | 'require-reason' | 'ignore'

/** A rule of the user's own, and where it is written. */
export interface OwnRule {
  readonly definition: RuleDefinition
  /** `.oakum/acme.yaml:4` */
  readonly place: string
}

export interface Policy {
  readonly config: ConfigOrigin
  readonly rules: readonly OwnRule[]
  /** By id, family or provider. */
  readonly levels: ReadonlyMap<string, Level>
  readonly allowedPaths: readonly AllowedPath[]
  readonly allowedValues: readonly AllowedValue[]
  readonly allowed: readonly AllowEntry[]
  readonly baseline: readonly BaselineEntry[]
  readonly markers: Markers
  /**
   * Markers count where the line stood in this commit already: what a change adds does not allow
   * what it adds. Absent: all do.
   */
  readonly markersAsOf?: string
  /** Only what adds counts: nothing is suppressed, no severity lowered. */
  readonly strict: boolean
  /** The day, in UTC, by which entries expire: `2026-11-22`. */
  readonly today: string
}

/** Decides nothing. */
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

/** Does a policy decide nothing? Then a scan needs none. */
export function isPlain({ config, strict, markersAsOf }: Policy): boolean {
  return config.from === 'none' && !strict && markersAsOf === undefined
}
