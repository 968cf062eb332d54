/**
 * Oakum as a library. `scan` reads and judges, `reporters` write what it found, and nothing but
 * `verify` touches the network. What is exported here is covered by semantic versioning; nothing
 * else is.
 */

/**
 * Scans a target: rejects with a `ScanError`, `UsageError` or `ConfigError` when it cannot start,
 * or a pattern of the policy takes too long.
 */
export { scan } from './scan/scan.ts'

/**
 * Asks AWS whether the access keys among findings still work: the only thing here that uses a
 * network, and the SDK is loaded only then.
 */
export { verify } from './verify/verify.ts'
export type { VerifyOptions } from './verify/verify.ts'

/**
 * The rules that come with Oakum: all of them, or those with an id, family or provider among the
 * selectors.
 */
export { builtinRules } from './rules/load.ts'
export type { LoadedRules } from './rules/load.ts'

/**
 * What `oakum.yaml`, `oakum.allow` and `oakum.baseline` decide: `ScanOptions.policy`. `scan` itself
 * reads none of them.
 */
export { loadPolicy } from './config/load.ts'
export type { LoadedPolicy, PolicyRequest } from './config/load.ts'
export type { AllowEntry, BaselineEntry, ConfigOrigin, Policy } from './model/policy.ts'

/**
 * `text`, `json`, `jsonl`, `sarif`, `html`, `markdown`, `csv`, `junit`, `gitlab` and `github`: each
 * writes a whole report as one string.
 */
export { reporters } from './report/reporters.ts'
export type { Reporter, ReportOptions } from './report/options.ts'

/**
 * Failures that were foreseen; `isExpected` tells them from bugs. Their messages are one line and
 * hold no secret.
 */
export { ConfigError, isExpected, ScanError, UsageError } from './model/errors.ts'
export type { ExpectedError } from './model/errors.ts'

/** Text that shows itself only when asked with `reveal()`. */
export { Secret } from './model/secret.ts'

/** What to scan and how. */
export type { ScanEvent, TargetName } from './model/outcome.ts'
export type { NamedObject, ScanOptions, Target } from './model/target.ts'

/** What came of it. */
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

/** What rules are made of. */
export type { Keyword, Rule, RulePart, Validator } from './model/rule.ts'
