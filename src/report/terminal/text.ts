/** The `text` format: the report for people. All text from a repository is escaped. */
import type { ScanResult } from '../../model/outcome.ts'
import type { ReportOptions } from '../options.ts'
import { scrubResult } from '../wording/scrub.ts'
import { painter } from './colour.ts'
import { findingLines } from './finding.ts'
import type { TextLayout } from './layout.ts'
import { closingLines } from './summary.ts'

/** Writes the findings in the order of the result, then the summary, then the verdict. */
export function textReport(result: ScanResult, options: Partial<ReportOptions>): string {
  const showSecrets = options.showSecrets === true
  const shown = showSecrets ? result : scrubResult(result)
  const layout: TextLayout = {
    columns: options.columns ?? 80,
    paint: painter(options.colour === true),
    options,
    shown: (part) => (showSecrets ? part.secret.reveal() : part.redacted),
  }
  const lines = shown.findings.flatMap((finding) => [...findingLines(finding, layout), ''])
  return [...lines, ...closingLines(shown, layout)].map((line) => `${line.trimEnd()}\n`).join('')
}
