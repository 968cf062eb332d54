/** Severity of a finding after verification. */
import type { Finding } from '../model/model.ts'
import { type Severity, worseOf } from '../model/rule.ts'
import type { Verification } from '../model/verification.ts'

/**
 * Adds a verification to a finding and adjusts its severity: live is critical, a live id with
 * another secret is at least high, inactive and expired are low, and no answer changes nothing. A
 * canary token keeps its severity.
 */
export function afterVerification(finding: Finding, verification: Verification): Finding {
  const severity =
    finding.facts['canary'] === undefined
      ? severityOf(finding.severity, verification)
      : finding.severity
  if (severity === finding.severity) return { ...finding, verification }
  return {
    ...finding,
    verification,
    severity,
    explanation: [...finding.explanation, `${severity}, since ${statusWords[verification.status]}`],
  }
}

function severityOf(severity: Severity, { status }: Verification): Severity {
  switch (status) {
    case 'live':
      return 'critical'
    case 'mismatch':
      return worseOf(severity, 'high')
    case 'inactive':
    case 'expired':
      return 'low'
    case 'unknown':
    case 'not-tried':
      return severity
  }
}

const statusWords: Readonly<Record<Verification['status'], string>> = {
  live: 'AWS accepts it',
  mismatch: 'AWS knows its id, but not with this secret',
  inactive: 'AWS no longer accepts it',
  expired: 'it has expired',
  unknown: 'verification gave no answer',
  'not-tried': 'it was not verified',
}
