/** SARIF 2.1.0, as GitHub's code scanning takes it: docs/reports.md says how to upload it. */
import type { Skip } from '../../model/model.ts'
import type { ScanResult } from '../../model/outcome.ts'
import { escapeForTerminal } from '../terminal/escape.ts'
import { laidOutJson } from '../formats/laid-out-json.ts'
import type { ReportOptions } from '../options.ts'
import { scrubResult } from '../wording/scrub.ts'
import { skipText } from '../terminal/summary.ts'
import { countOf } from '../terminal/units.ts'
import { verdictText } from '../wording/verdict.ts'
import { uriOf } from './locations.ts'
import { resultOf, suppressedOf } from './results.ts'
import { RuleTable } from './rules.ts'

/** GitHub refuses a run with more. Findings come worst first, so the mildest are left out. */
const maxResults = 25_000

const maxNotifications = 1000

/**
 * One run of one tool. An incomplete scan is an invocation that was not successful, with a
 * notification for each skip.
 */
export function sarifReport(result: ScanResult, options: ReportOptions): string {
  const shown = scrubResult(result)
  const { findings, suppressed, receipt } = shown
  const rules = new RuleTable()
  const ruledOut = options.showSuppressed === true ? suppressed : []
  const listed = findings.slice(0, maxResults)
  const results = [
    ...listed.map((finding) => resultOf(finding, rules, options)),
    ...ruledOut.slice(0, maxResults - listed.length).map((one) => suppressedOf(one, rules)),
  ]
  const left = findings.length + ruledOut.length - results.length
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
    invocations: [invocationOf(shown, options, left)],
    columnKind: 'utf16CodeUnits',
    results,
    properties: { receipt: receiptOf(shown) },
  }
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [run],
  }
  // Results are in a list in a run in a list.
  return laidOutJson(log, 4)
}

function invocationOf(result: ScanResult, { endedAt }: ReportOptions, left: number): object {
  const { complete, skipped, durationMs } = result.receipt
  const times =
    endedAt === undefined
      ? {}
      : {
          startTimeUtc: new Date(endedAt.getTime() - durationMs).toISOString(),
          endTimeUtc: endedAt.toISOString(),
        }
  const listed = skipped.slice(0, maxNotifications)
  return {
    executionSuccessful: complete,
    ...times,
    toolExecutionNotifications: [
      ...(complete ? [] : [notification('error', verdictText(result))]),
      ...listed.map(skipNotification),
      ...(listed.length === skipped.length
        ? []
        : [notification('note', `${countOf(skipped.length - listed.length, 'skip')} more`)]),
      ...(left === 0
        ? []
        : [
            notification(
              'warning',
              `${countOf(left, 'result')} more than a run may hold, and left out, the mildest first`,
            ),
          ]),
    ],
  }
}

function skipNotification(skip: Skip): object {
  const { outcome, reason, path } = skip
  return {
    ...notification(outcome === 'failed' ? 'error' : 'note', skipText(skip)),
    descriptor: { id: reason },
    ...(path !== undefined && {
      locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(path) } } }],
    }),
  }
}

function notification(level: 'error' | 'warning' | 'note', text: string): object {
  return { level, message: { text: escapeForTerminal(text) } }
}

/** What the scan covered; its skips are notifications. */
function receiptOf({ receipt, suppressed }: ScanResult): object {
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
