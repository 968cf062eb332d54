import type { Candidate, Suppression } from '../../model/model.ts'
import type { Markers } from '../../model/policy.ts'
import type { Facts, Rule, RulePart } from '../../model/rule.ts'
import { shannon } from '../../rules/validators/entropy.ts'
import { inlineMarkerOf } from './inline-marker.ts'
import { placeholderReason } from './placeholder.ts'

/**
 * Why the value `text` of a rule's part cannot be what the rule looks for, and what its form says
 * of it.
 */
export function flawOf(
  text: string,
  part: RulePart,
  rule: Pick<Rule, 'madeBy'>,
): { readonly flaw?: Suppression; readonly facts: Facts } {
  const checked = part.validator?.(text)
  if (checked?.valid === false)
    return { flaw: { by: 'validator', reason: checked.reason }, facts: {} }
  const facts = checked?.facts ?? {}
  const bits = part.minEntropy > 0 ? shannon(text) : 0
  if (bits < part.minEntropy) {
    return {
      flaw: {
        by: 'entropy',
        reason: `it has ${bits.toFixed(1)} bits a character, less than ${String(part.minEntropy)}`,
      },
      facts,
    }
  }
  const reason = placeholderReason(text, rule.madeBy)
  return reason === undefined ? { facts } : { flaw: { by: 'placeholder', reason }, facts }
}

/**
 * Why a candidate is not a finding: its first part's value rules it out, or a remark on that part's
 * line allows it, as far as such remarks count.
 */
export function suppressionOf(
  candidate: Candidate,
  markers: Markers = 'accept',
): Suppression | undefined {
  const [first] = candidate.parts
  if (first.flaw !== undefined) return first.flaw
  if (markers === 'ignore') return undefined
  const line = first.line.reveal()
  const found = inlineMarkerOf(line)
  if (found === undefined) return undefined
  if (found.reason === undefined)
    return markers === 'require-reason'
      ? undefined
      : { by: 'inline', reason: `${found.marker} without a reason` }
  const shown = isClean(candidate, line.slice(0, found.index), line.slice(found.index))
  return {
    by: 'inline',
    reason: shown
      ? `${found.marker}: ${found.reason.replaceAll(/[^\s]{16,}/g, '…')}`
      : `${found.marker} (reason not shown: it may hold the secret)`,
  }
}

/**
 * May what follows the marker be shown? A marker in front of the secret (`# oakum:allow KEY=…`) has
 * the secret for its reason, and a cut line perhaps only the head of it; so the secret must stand
 * before the marker, and none behind it.
 */
function isClean(candidate: Candidate, before: string, after: string): boolean {
  const heads = candidate.parts.map((part) =>
    (part.secret.reveal().split(/[\r\n]/)[0] ?? '').slice(0, 8),
  )
  return before.includes(heads[0] ?? '') && !heads.some((head) => after.includes(head))
}
