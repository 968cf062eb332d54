/** The `sarif` format: SARIF 2.1.0 within the limits of GitHub code scanning (docs/reports.md). */
import type { Skip } from '../../model/model.ts'
import type { Receipt, ScanResult } from '../../model/outcome.ts'
import { indentedJson } from '../formats/indented-json.ts'
import type { ReportOptions } from '../options.ts'
import { escapeForTerminal } from '../terminal/escape.ts'
import { countOf } from '../terminal/units.ts'
import { canaryText, skipText, verdictText } from '../wording/coverage.ts'
import { scrubResult } from '../wording/scrub.ts'
import { pathUri } from './locations.ts'
import { sarifResult, sarifSuppressed } from './results.ts'
import { RuleTable } from './rules.ts'

/** GitHub rejects a run with more results. Findings are sorted, so the mildest are dropped. */
const MAX_RESULTS = 25_000

const MAX_NOTIFICATIONS = 1000

/** The depth of results: in a list, in a run, in a list of runs. */
const RESULT_DEPTH = 4

/**
 * Writes one run. The invocation of an incomplete scan is not successful, and each skip is a
 * notification.
 */
export function sarifReport(result: ScanResult, options: ReportOptions): string {
  const scrubbed = scrubResult(result)
  const { findings, receipt } = scrubbed
  const suppressed = options.showSuppressed === true ? scrubbed.suppressed : []
  const rules = new RuleTable()
  const listed = findings.slice(0, MAX_RESULTS)
  const results = [
    ...listed.map((finding) => sarifResult(finding, rules, options)),
    ...suppressed
      .slice(0, MAX_RESULTS - listed.length)
      .map((candidate) => sarifSuppressed(candidate, rules)),
  ]
  const omitted = findings.length + suppressed.length - results.length
  const run = {
    tool: {
      driver: {
        name: 'Oakum',
        version: options.version,
        semanticVersion: options.version,
        rules: rules.descriptors,
      },
    },
    automationDetails: { id: `oakum/${receipt.target}/` },
    invocations: [invocation(scrubbed, options, omitted)],
    columnKind: 'utf16CodeUnits',
    results,
    properties: { receipt: receiptProperties(scrubbed) },
  }
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [run],
  }
  return indentedJson(log, RESULT_DEPTH)
}

function invocation(result: ScanResult, { endedAt }: ReportOptions, omitted: number): object {
  const { complete, skipped } = result.receipt
  const listed = skipped.slice(0, MAX_NOTIFICATIONS)
  const moreSkips = skipped.length - listed.length
  const note = canaryText(result)
  const omission = `${countOf(omitted, 'more result')} omitted, the mildest first: a run may not hold them`
  return {
    executionSuccessful: complete,
    ...invocationTimes(result.receipt, endedAt),
    toolExecutionNotifications: [
      ...(complete ? [] : [notification('error', verdictText(result))]),
      ...(note === undefined || !complete ? [] : [notification('note', note)]),
      ...listed.map(skipNotification),
      ...(moreSkips === 0 ? [] : [notification('note', countOf(moreSkips, 'more skip'))]),
      ...(omitted === 0 ? [] : [notification('warning', omission)]),
    ],
  }
}

function invocationTimes({ durationMs }: Receipt, endedAt: Date | undefined): object {
  if (endedAt === undefined) return {}
  return {
    startTimeUtc: new Date(endedAt.getTime() - durationMs).toISOString(),
    endTimeUtc: endedAt.toISOString(),
  }
}

function skipNotification(skip: Skip): object {
  const { outcome, reason, path } = skip
  return {
    ...notification(outcome === 'failed' ? 'error' : 'note', skipText(skip)),
    descriptor: { id: reason },
    ...(path !== undefined && {
      locations: [{ physicalLocation: { artifactLocation: { uri: pathUri(path) } } }],
    }),
  }
}

function notification(level: 'error' | 'warning' | 'note', text: string): object {
  return { level, message: { text: escapeForTerminal(text) } }
}

/** The receipt without its skips, which are notifications. */
function receiptProperties({ receipt, suppressed }: ScanResult): object {
  const {
    complete,
    target,
    range,
    reader,
    commits,
    trees,
    tags,
    blobs,
    bytes,
    rules,
    config,
    git,
    durationMs,
  } = receipt
  return {
    complete,
    target,
    range,
    reader,
    commits,
    trees,
    tags,
    blobs,
    bytes,
    rules,
    config: { path: config.path, from: config.from },
    git,
    durationMs,
    suppressed: suppressed.length,
  }
}
