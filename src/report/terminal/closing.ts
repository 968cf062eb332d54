import type { ScanResult } from '../../model/outcome.ts'
import { painter } from './colour.ts'
import type { ReportOptions } from '../options.ts'
import type { Page } from './page.ts'
import { summaryLines, verdictLine } from './summary.ts'

/**
 * What stands below the findings. Quiet leaves the summary out, but never that the scan is
 * incomplete.
 */
export function closingLines(result: ScanResult, page: Page): readonly string[] {
  if (page.options.quiet === true) return result.receipt.complete ? [] : [verdictLine(result, page)]
  return [...summaryLines(result, page), '', verdictLine(result, page)]
}

/** The whole report of a scan without findings, which takes nothing of what shows findings. */
export function closingText(
  result: ScanResult,
  options: Pick<ReportOptions, 'colour' | 'columns'>,
): string {
  const page: Page = {
    columns: options.columns ?? 80,
    paint: painter(options.colour === true),
    options,
    shown: (part) => part.redacted,
  }
  return closingLines(result, page)
    .map((line) => `${line.trimEnd()}\n`)
    .join('')
}
