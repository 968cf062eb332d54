/**
 * The report for people. Everything of it that comes from a repository is escaped on its way to a
 * line.
 */
import type { ScanResult } from '../../model/outcome.ts'
import { closingLines } from './closing.ts'
import { painter } from './colour.ts'
import type { ReportOptions } from '../options.ts'
import type { Page } from './page.ts'
import { scrubResult } from '../wording/scrub.ts'
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
