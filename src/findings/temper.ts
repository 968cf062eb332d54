import type { Finding, Part } from '../model.ts'
import type { Facts } from '../rule.ts'

/** Has the credential expired, or is it bait or of nobody's account, so that it opens nothing wherever it stands? */
export function isSpent(facts: Facts): boolean {
  return ['expired', 'canary', 'sample'].some((fact) => facts[fact] !== undefined)
}

/**
 * A finding as severe as it is at the time `now` (milliseconds since 1970): what has expired, bait, and what belongs to nobody is low.
 * Without a time nothing has expired. Parts of two accounts do not end together.
 */
export function temper(finding: Finding, parts: readonly Part[], now: number | undefined): Finding {
  const accounts = new Set(parts.flatMap((part) => part.facts['accountId'] ?? []))
  const expires = Date.parse(finding.facts['expires'] ?? '')
  const expired = now !== undefined && expires < now && accounts.size <= 1
  const facts = expired ? { ...finding.facts, expired: 'yes' } : finding.facts
  if (!isSpent(facts)) return finding
  const reasons = [
    ...(expired ? [`low, since it expired on ${facts['expires'] ?? ''} at the latest`] : []),
    ...(['canary', 'sample'].flatMap((fact) => (facts[fact] === undefined ? [] : [`low, since its account is known: ${facts[fact]}`]))),
  ]
  return { ...finding, severity: 'low', facts, explanation: [...finding.explanation, ...reasons] }
}
