import type { Skip } from '../../model/model.ts'
import type { ScanResult } from '../../model/outcome.ts'
import { countOf } from '../terminal/units.ts'

/**
 * One line that says whether the scanned bytes are clean: `No secrets found.` only of a complete
 * scan. Nothing of a repository is in it.
 */
export function verdictText({ findings, receipt }: ScanResult): string {
  const found =
    findings.length === 0 ? 'no secrets found' : `${countOf(findings.length, 'secret')} found`
  if (receipt.complete) return `${found.charAt(0).toUpperCase()}${found.slice(1)}.`
  const unread = totalOf(receipt.skipped.filter((skip) => skip.outcome === 'failed'))
  return `Incomplete: ${unread === 0 ? 'not everything could' : `${countOf(unread, 'thing')} could not`} be read; ${found} in the rest.`
}

/** How many skips these are, with those that stand for several. */
export function totalOf(skips: readonly Skip[]): number {
  return skips.reduce((sum, skip) => sum + (skip.count ?? 1), 0)
}
