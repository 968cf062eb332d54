/** The settings of `oakum.yaml` after decoding. */
import type { LimitOptions } from '../model/limits.ts'
import type { AllowedPath, AllowedValue, Level, Markers } from '../model/policy.ts'
import type { Severity } from '../model/rule.ts'

/**
 * Whether credentials may be sent to their provider: never (`off`), after a question (`ask`), or
 * without a question for the AWS accounts listed.
 */
export type VerifyPolicy = 'off' | 'ask' | readonly string[]

/**
 * `oakum.yaml` with every field checked by itself. Whether the rules it names exist is checked
 * later, once the rules are loaded.
 */
export interface Configuration extends LimitOptions {
  readonly levels: ReadonlyMap<string, Level>
  /** Paths of pattern files, relative to the folder of `oakum.yaml`. */
  readonly patterns: readonly string[]
  readonly allowedPaths: readonly AllowedPath[]
  readonly allowedValues: readonly AllowedValue[]
  readonly failOn?: Severity
  readonly markers: Markers
  readonly verify: VerifyPolicy
}

/** The configuration that applies when there is no `oakum.yaml`. */
export const noConfiguration: Configuration = {
  levels: new Map(),
  patterns: [],
  allowedPaths: [],
  allowedValues: [],
  markers: 'accept',
  verify: 'ask',
}
