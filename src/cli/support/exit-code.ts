/** Exit codes of all commands. */
import type { ScanResult } from '../../model/outcome.ts'
import { compareSeverity, type Severity } from '../../model/rule.ts'

export const exitCodes = {
  /** No finding at or above `--fail-on`, and everything was read. */
  clean: 0,
  findings: 1,
  /** The command line, the configuration or an output file is wrong. */
  usage: 2,
  /** Something that had to be read was not read, or Oakum crashed. */
  incomplete: 3,
  interrupted: 130,
} as const

/** Exit code for each answer of an audit's verdict. */
export const verdictExitCodes = {
  safe: exitCodes.clean,
  'not-yet': exitCodes.findings,
  unknown: exitCodes.incomplete,
} as const

interface ExitCriteria {
  readonly failOn: Severity
  /** True when skips that a limit caused make a scan incomplete too. */
  readonly strictCoverage: boolean
  readonly interrupted: boolean
}

/** Returns the exit code: an interruption first, then findings, then an incomplete scan. */
export function exitCodeOf(result: ScanResult, criteria: ExitCriteria): number {
  if (criteria.interrupted) return exitCodes.interrupted
  if (result.findings.some(({ severity }) => compareSeverity(severity, criteria.failOn) >= 0))
    return exitCodes.findings
  const { complete, skipped } = result.receipt
  const isCovered =
    complete && !skipped.some((skip) => skip.outcome === 'failed' || criteria.strictCoverage)
  return isCovered ? exitCodes.clean : exitCodes.incomplete
}
