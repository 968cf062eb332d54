import type { Finding, Part } from '../../model/model.ts'
import type { Facts } from '../../model/rule.ts'

/** Has the credential expired, or is it bait or of nobody's account, as its facts say? */
export function isExpired(facts: Facts): boolean {
  return ['expired', 'canary', 'sample'].some((fact) => facts[fact] !== undefined)
}

/**
 * A finding as severe as it is at the time `now` (milliseconds since 1970): what has expired, bait,
 * and what belongs to nobody is low. Without a time nothing has expired. Parts of two accounts say
 * nothing of each other, and an id that counts by itself is a long-term one: a token of a session
 * that stands beside it belongs to something else.
 */
export function downgradeExpired(
  finding: Finding,
  parts: readonly Part[],
  now: number | undefined,
): Finding {
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
  ]
  return { ...finding, severity: 'low', facts, explanation: [...finding.explanation, ...reasons] }
}
