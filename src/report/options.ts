import type { ScanResult } from '../model/outcome.ts'
import type { Severity } from '../model/rule.ts'

/** How a report is written. Everything but the version has a default: off, and 80 columns. */
export interface ReportOptions {
  /** Oakum's own, for reports that name it. */
  readonly version: string
  /** Secrets whole, and names as they are. */
  readonly showSecrets?: boolean
  /** Every place of each finding, not only the first and the last. */
  readonly allOrigins?: boolean
  /** What was ruled out, one by one. */
  readonly showSuppressed?: boolean
  readonly colour?: boolean
  /** Width of the page; a command or a secret may stand over. */
  readonly columns?: number
  /** Findings without a summary; that a scan is incomplete is still said. */
  readonly quiet?: boolean
  /** Also explanations, all refs and all skips. */
  readonly verbose?: boolean
  /**
   * From where on a finding fails a build, for formats that tell failures from warnings; medium.
   */
  readonly failOn?: Severity
  /** When the scan ended, for formats that name a time. */
  readonly endedAt?: Date
  /** What was scanned, in a word: the name of the repository. */
  readonly subject?: string
}

/** Writes a whole report. Pure: the same result and options give the same text. */
export type Reporter = (result: ScanResult, options: ReportOptions) => string
