/** Decides whether a candidate is suppressed by its value or by a comment on its line. */
import type { Candidate, Suppression } from '../../model/model.ts'
import type { Markers } from '../../model/policy.ts'
import type { Facts, Rule, RulePart } from '../../model/rule.ts'
import { shannon } from '../../rules/validators/entropy.ts'
import { inlineMarkerOf, type InlineMarker, nextLineMarkerOf } from './inline-marker.ts'
import { placeholderReason } from './placeholder.ts'

/**
 * Returns the reason why a value cannot be a secret of a rule's part, if there is one, and the
 * facts that the value tells.
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
 * Returns the suppression of a candidate: by the value of its first part, or by a marker comment on
 * that part's line, as far as markers count.
 */
export function suppressionOf(
  candidate: Candidate,
  markers: Markers = 'accept',
): Suppression | undefined {
  const [first] = candidate.parts
  if (first.flaw !== undefined) return first.flaw
  if (markers === 'ignore') return undefined
  const line = first.line.reveal()
  const marker = inlineMarkerOf(line)
  if (marker !== undefined)
    return markerSuppression(marker, markers, () =>
      isReasonClean(candidate, line.slice(0, marker.index), line.slice(marker.index)),
    )
  const above =
    first.lineAbove === undefined ? undefined : nextLineMarkerOf(first.lineAbove.reveal())
  // The line with the marker holds no part of the secret below it.
  return above && markerSuppression(above, markers, () => true)
}

/** Returns the suppression by a marker, with its reason where that may be shown. */
function markerSuppression(
  { marker, reason }: Omit<InlineMarker, 'index'>,
  markers: Markers,
  mayShowReason: () => boolean,
): Suppression | undefined {
  if (reason === undefined)
    return markers === 'require-reason'
      ? undefined
      : { by: 'inline', reason: `${marker} without a reason` }
  return {
    by: 'inline',
    reason: mayShowReason()
      ? `${marker}: ${reason.replaceAll(/[^\s]{16,}/g, '…')}`
      : `${marker} (reason not shown: it may hold the secret)`,
  }
}

/**
 * True when the text behind the marker may be shown. For a marker in front of the secret (`#
 * oakum:allow KEY=…`) that text contains the secret, and a cut line may contain only its first
 * characters. So the secret must be before the marker, and no secret behind it.
 */
function isReasonClean(candidate: Candidate, before: string, after: string): boolean {
  const heads = candidate.parts.map((part) =>
    (part.secret.reveal().split(/[\r\n]/)[0] ?? '').slice(0, 8),
  )
  return before.includes(heads[0] ?? '') && !heads.some((head) => after.includes(head))
}
