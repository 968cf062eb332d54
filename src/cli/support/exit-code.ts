import type { ScanResult } from '../../model/outcome.ts'
import { compareSeverity, type Severity } from '../../model/rule.ts'

/** What a run of Oakum says to its caller. */
export const exitCodes = {
  /** Nothing at or above `--fail-on`, and everything was read. */
  clean: 0,
  findings: 1,
  /** The command line, the configuration, or a file to write to is wrong. */
  usage: 2,
  /** Not everything that was asked for was read; or Oakum broke. */
  incomplete: 3,
  interrupted: 130,
} as const

/** What the verdict of an audit says to its caller. */
export const verdictExitCodes = {
  safe: exitCodes.clean,
  'not-yet': exitCodes.findings,
  unknown: exitCodes.incomplete,
} as const

interface ExitCriteria {
  readonly failOn: Severity
  /** Bounded skips count as incomplete too. */
  readonly strictCoverage: boolean
  readonly interrupted: boolean
}

/** Findings win over an incomplete scan, and an interruption over both. */
export function exitCodeOf(result: ScanResult, verdict: ExitCriteria): number {
  if (verdict.interrupted) return exitCodes.interrupted
  if (result.findings.some(({ severity }) => compareSeverity(severity, verdict.failOn) >= 0))
    return exitCodes.findings
  const { complete, skipped } = result.receipt
  const covered =
    complete && !skipped.some((skip) => skip.outcome === 'failed' || verdict.strictCoverage)
  return covered ? exitCodes.clean : exitCodes.incomplete
}
