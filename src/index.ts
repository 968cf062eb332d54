/**
 * Oakum as a library. `scan` finds secrets, `reporters` write reports, and only `verify` uses the
 * network. The exports of this file are covered by semantic versioning; nothing else is.
 */

declare global {
  /** A type of Node and of browsers. A project without the types of either gets this much of it. */
  interface AbortSignal {
    readonly aborted: boolean
  }
}

/**
 * Scans a target. Rejects with a `ScanError`, `UsageError` or `ConfigError` when the scan cannot
 * start, or when a pattern of the policy takes too long.
 */
export { scan } from './scan/scan.ts'

/**
 * Asks AWS whether the access keys among findings still work. The only function that uses the
 * network; it loads the AWS SDK when it is called.
 */
export { verify } from './verify/verify.ts'
export type { VerifyOptions } from './verify/verify.ts'

/**
 * Returns the built-in rules: all of them, or those whose id, family or provider is among the
 * selectors.
 */
export { builtinRules } from './rules/load.ts'
export type { LoadedRules } from './rules/load.ts'

/**
 * Loads `oakum.yaml`, `oakum.allow` and `oakum.baseline` for `ScanOptions.policy`. `scan` itself
 * reads none of them.
 */
export { loadPolicy } from './config/load.ts'
export type { LoadedPolicy, PolicyRequest } from './config/load.ts'
export type { AllowEntry, BaselineEntry, ConfigOrigin, Policy } from './model/policy.ts'

/**
 * Report formats: `text`, `json`, `jsonl`, `sarif`, `html`, `markdown`, `csv`, `junit`, `gitlab`
 * and `github`. Each returns a whole report as one string.
 */
export { reporters } from './report/reporters.ts'
export type { Reporter, ReportOptions } from './report/options.ts'

/**
 * Expected errors; `isExpected` tells them from bugs. Their messages are one line without secrets.
 */
export { ConfigError, isExpected, ScanError, UsageError } from './model/errors.ts'
export type { ExpectedError } from './model/errors.ts'

/** Text that is redacted unless `reveal()` is called. */
export { Secret } from './model/secret.ts'

/** Targets, options and events of a scan. */
export type { ScanEvent, TargetName } from './model/outcome.ts'
export type { NamedObject, ScanOptions, Target } from './model/target.ts'

/** Results of a scan. */
export type {
  Attribution,
  Exposure,
  FileState,
  Finding,
  Introduction,
  ObjectKind,
  Origin,
  Place,
  RepoPath,
  Skip,
  SkipReason,
  Span,
  Suppressed,
  Suppression,
} from './model/model.ts'
export type { Identity, KeyEvents, KeyRecord, Verification } from './model/verification.ts'
export type { Receipt, ScanResult } from './model/outcome.ts'
export type { Facts, Role, Severity } from './model/rule.ts'

/** Compiled rules. */
export type { Keyword, Rule, RulePart, Validator } from './model/rule.ts'
