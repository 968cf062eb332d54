/** Selects the findings that a plan or a rewrite handles. */
import { UsageError } from '../../model/errors.ts'
import type { Finding } from '../../model/model.ts'
import { compareSeverity, type Severity } from '../../model/rule.ts'

export interface FindingSelection {
  /** Fingerprints to handle; empty for all findings at or above `failOn`. */
  readonly fingerprints: readonly string[]
  readonly failOn: Severity
}

/** Returns the selected findings. */
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

/** Throws a UsageError for a selected fingerprint that no finding has; `where` completes it. */
export function checkFingerprints(
  findings: readonly Finding[],
  { fingerprints }: FindingSelection,
  where: string,
): void {
  const foundFingerprints = new Set(findings.map(({ fingerprint }) => fingerprint))
  const unknown = fingerprints.find((fingerprint) => !foundFingerprints.has(fingerprint))
  if (unknown !== undefined)
    throw new UsageError(`no finding ${where} has the fingerprint ${unknown}; see oakum history`)
}
