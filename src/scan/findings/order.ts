import type { Finding } from '../../model/model.ts'
import { compareSeverity } from '../../model/rule.ts'

/**
 * Orders findings: worst first, then by rule, by first place and by fingerprint. Compares code
 * units, so that the order does not depend on a locale.
 */
export function compareFindings(a: Finding, b: Finding): number {
  const [placeA, placeB] = [a.places[0], b.places[0]]
  return (
    compareSeverity(b.severity, a.severity) ||
    compareText(a.rule.id, b.rule.id) ||
    compareText(placeA.origin.path?.text ?? '', placeB.origin.path?.text ?? '') ||
    placeA.span.line - placeB.span.line ||
    placeA.span.column - placeB.span.column ||
    compareText(a.fingerprint, b.fingerprint)
  )
}

function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
