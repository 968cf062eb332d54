import { UsageError } from '../../model/errors.ts'
import type { Finding } from '../../model/model.ts'
import { compareSeverity, type Severity } from '../../model/rule.ts'

/** What a plan or a rewrite is about. */
export interface FindingSelection {
  /** Only these; default all findings at or above `failOn`. */
  readonly fingerprints: readonly string[]
  readonly failOn: Severity
}

/** The findings it is about. */
export function selectFindings(
  findings: readonly Finding[],
  { fingerprints, failOn }: FindingSelection,
): readonly Finding[] {
  return findings.filter(({ fingerprint, severity }) =>
    fingerprints.length > 0
      ? fingerprints.includes(fingerprint)
      : compareSeverity(severity, failOn) >= 0,
  )
}

/** Throws a UsageError for a fingerprint that nothing found in `where` has. */
export function checkFingerprints(
  findings: readonly Finding[],
  { fingerprints }: FindingSelection,
  where: string,
): void {
  const unknown = fingerprints.find(
    (one) => !findings.some(({ fingerprint }) => fingerprint === one),
  )
  if (unknown !== undefined)
    throw new UsageError(`no finding ${where} has the fingerprint ${unknown}; see oakum history`)
}
