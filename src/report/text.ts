/** The report for people. Everything of it that comes from a repository is escaped on its way to a line. */
import type { ScanResult } from '../outcome.ts'
import { painter } from './colour.ts'
import type { ReportOptions } from './options.ts'
import type { Page } from './page.ts'
import { scrubResult } from './scrub.ts'
import { summaryLines, verdictLine } from './summary.ts'
import { findingLines } from './text-finding.ts'

/** Findings in the result's order, then what was covered, then the verdict in one line. */
export function textReport(result: ScanResult, options: Partial<ReportOptions>): string {
  const shown = options.showSecrets === true ? result : scrubResult(result)
  const page: Page = {
    columns: options.columns ?? 80,
    paint: painter(options.colour === true),
    options,
    shown: (part) => (options.showSecrets === true ? part.secret.reveal() : part.redacted),
  }
  const lines = shown.findings.flatMap((finding) => [...findingLines(finding, page), ''])
  return [...lines, ...closingLines(shown, page)].map((line) => `${line.trimEnd()}\n`).join('')
}

/** Quiet leaves the summary out, but never that the scan is incomplete. */
function closingLines(result: ScanResult, page: Page): readonly string[] {
  if (page.options.quiet === true) return result.receipt.complete ? [] : [verdictLine(result, page)]
  return [...summaryLines(result, page), '', verdictLine(result, page)]
}
