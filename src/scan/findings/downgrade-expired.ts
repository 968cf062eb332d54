/** Lowers the severity of credentials that cannot be used any more. */
import type { Part, UnnamedFinding } from '../../model/model.ts'
import type { Facts } from '../../model/rule.ts'

/**
 * True when the facts say that a credential has expired, is a canary token, belongs to a sample
 * account, or may never have been issued.
 */
export function isExpired(facts: Facts): boolean {
  return ['expired', 'canary', 'sample', 'doubt'].some((fact) => facts[fact] !== undefined)
}

/**
 * Returns the finding with severity low if the credential has expired at `now` (milliseconds since
 * 1970), is a canary token, belongs to a sample account, or is doubtful. Without `now` nothing expires. Parts of
 * two accounts are left alone, as the facts of one say nothing about the other. An id that is
 * severe on its own is a long-term key, so the expiry of a session token beside it does not apply.
 */
export function downgradeExpired(
  finding: UnnamedFinding,
  parts: readonly Part[],
  now: number | undefined,
): UnnamedFinding {
  const accounts = new Set(parts.flatMap((part) => part.facts['accountId'] ?? []))
  const expires = Date.parse(finding.facts['expires'] ?? '')
  const isLongTerm = parts.some(
    (part) => part.role === 'id' && part.alone !== 'low' && part.alone !== 'never',
  )
  const expired = now !== undefined && expires < now && !isLongTerm
  const facts = expired ? { ...finding.facts, expired: 'yes' } : finding.facts
  if (accounts.size > 1 || !isExpired(facts)) return finding
  const reasons = [
    ...(expired ? [`low, since it expired on ${facts['expires'] ?? ''} at the latest`] : []),
    ...['canary', 'sample'].flatMap((fact) =>
      facts[fact] === undefined ? [] : [`low, since its account is known: ${facts[fact]}`],
    ),
    ...(facts['doubt'] === undefined ? [] : [`low, since ${facts['doubt']}`]),
  ]
  return { ...finding, severity: 'low', facts, explanation: [...finding.explanation, ...reasons] }
}
