/** Options and signature of all report formats. */
import type { ScanResult } from '../model/outcome.ts'
import type { Severity } from '../model/rule.ts'

/** Options for writing a report. All but `version` are optional, and default to off or 80 columns. */
export interface ReportOptions {
  /** The version of Oakum, for formats that name their producer. */
  readonly version: string
  /** Writes secrets, and names that contain secrets, unredacted. */
  readonly showSecrets?: boolean
  /** Lists every place of each finding instead of the first and the last. */
  readonly allOrigins?: boolean
  /** Lists suppressed candidates instead of counting them. */
  readonly showSuppressed?: boolean
  readonly colour?: boolean
  /** Width of the page. Commands and secrets are not broken, and may exceed it. */
  readonly columns?: number
  /** Drops the summary, but not the verdict that a scan is incomplete. */
  readonly quiet?: boolean
  /** Adds explanations, all refs and all skips. */
  readonly verbose?: boolean
  /**
   * The severity from which a finding fails a build, for formats that distinguish failures from
   * warnings. Default medium.
   */
  readonly failOn?: Severity
  /** The end of the scan, for formats that contain a time. */
  readonly endedAt?: Date
  /** The name of the scanned repository or folder. */
  readonly subject?: string
}

/** Writes a whole report as text. Pure: equal results and options give equal text. */
export type Reporter = (result: ScanResult, options: ReportOptions) => string
