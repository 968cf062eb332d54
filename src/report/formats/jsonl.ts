import type { ScanResult } from '../../model/outcome.ts'
import { escapeJson } from '../terminal/escape.ts'
import { reportFields } from './json.ts'
import type { ReportOptions } from '../options.ts'

/** One finding a line, then a line with the receipt and what was suppressed. */
export function jsonlReport(result: ScanResult, options: ReportOptions): string {
  const { findings, suppressed, receipt } = reportFields(result, options)
  return [...findings, { receipt, suppressed }]
    .map((line) => `${escapeJson(JSON.stringify(line))}\n`)
    .join('')
}
