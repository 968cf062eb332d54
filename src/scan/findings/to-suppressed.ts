import type { Candidate, Suppressed, Suppression } from '../../model/model.ts'
import { redact } from './redact.ts'

/** What is kept of a candidate that is no finding, to be counted and shown. */
export function toSuppressed(
  { rule, parts, blob }: Candidate,
  suppression: Suppression,
): Suppressed {
  const { role, secret, span } = parts[0]
  return {
    rule: rule.id,
    suppression,
    redacted: redact(secret.reveal(), role, rule.madeBy),
    place: { origin: blob.origins[0], role, span },
  }
}
