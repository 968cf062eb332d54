import type { Finding } from '../model/model.ts'
import { type Severity, worseOf } from '../model/rule.ts'
import type { Verification } from '../model/verification.ts'

/**
 * A finding with what was learned of it, as severe as that makes it: live is critical, a live id
 * with another's secret is high at least, inactive and expired are low. What is not known changes
 * nothing. Bait that answers is still bait.
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

function severityOf(before: Severity, { status }: Verification): Severity {
  switch (status) {
    case 'live':
      return 'critical'
    case 'mismatch':
      return worseOf(before, 'high')
    case 'inactive':
    case 'expired':
      return 'low'
    case 'unknown':
    case 'not-tried':
      return before
  }
}

const statusWords: Readonly<Record<Verification['status'], string>> = {
  live: 'AWS takes it',
  mismatch: 'AWS knows its id, though not with this secret',
  inactive: 'AWS does not take it any more',
  expired: 'it has expired',
  unknown: 'nothing is known of it',
  'not-tried': 'nobody was asked',
}
