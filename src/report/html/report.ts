import type { ScanResult } from '../../outcome.ts'
import type { ReportOptions } from '../options.ts'
export function htmlReport(_result: ScanResult, _options: ReportOptions): string {
  return ''
}
