import type { LimitOptions } from '../model/limits.ts'
import type { AllowedPath, AllowedValue, Level, Markers } from '../model/policy.ts'
import type { Severity } from '../model/rule.ts'

/**
 * What may be asked of providers about credentials; or which AWS accounts may be asked without a
 * question.
 */
export type VerifyPolicy = 'off' | 'ask' | readonly string[]

/** `oakum.yaml`, checked field by field. Whether the rules it names exist is not known yet. */
export interface Configuration extends LimitOptions {
  readonly levels: ReadonlyMap<string, Level>
  /** Pattern files, relative. */
  readonly patterns: readonly string[]
  readonly allowedPaths: readonly AllowedPath[]
  readonly allowedValues: readonly AllowedValue[]
  readonly failOn?: Severity
  readonly markers: Markers
  readonly verify: VerifyPolicy
}

/** A file that says nothing. */
export const noConfiguration: Configuration = {
  levels: new Map(),
  patterns: [],
  allowedPaths: [],
  allowedValues: [],
  markers: 'accept',
  verify: 'ask',
}
