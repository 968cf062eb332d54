/** The end of a text report: totals, coverage, skips and the verdict. */
import type { Skip } from '../../model/model.ts'
import { isCountOnly, type Receipt, type ScanResult } from '../../model/outcome.ts'
import { severities } from '../../model/rule.ts'
import type { ReportOptions } from '../options.ts'
import { countSkips, coverageText, skipTally, skipText, verdictText } from '../wording/coverage.ts'
import { painter } from './colour.ts'
import { cutMiddle } from './fit.ts'
import { fittedPlaceText, row, textWidth, type TextLayout, unwrappedRow } from './layout.ts'
import { countOf, formatCount } from './units.ts'

/** Maximum number of skips listed unless the report is verbose. */
const MAX_SKIPS = 10

/**
 * The lines below the findings. `--quiet` drops the summary, but never the verdict that a scan is
 * incomplete.
 */
export function closingLines(result: ScanResult, layout: TextLayout): readonly string[] {
  if (layout.options.quiet === true)
    return result.receipt.complete ? [] : [verdictLine(result, layout)]
  return [...summaryLines(result, layout), '', verdictLine(result, layout)]
}

/**
 * The whole report of a scan without findings. Hooks use this function to avoid loading the code
 * that formats findings.
 */
export function closingText(
  result: ScanResult,
  options: Pick<ReportOptions, 'colour' | 'columns'>,
): string {
  const layout: TextLayout = {
    columns: options.columns ?? 80,
    paint: painter(options.colour === true),
    options,
    shown: (part) => part.redacted,
  }
  return closingLines(result, layout)
    .map((line) => `${line.trimEnd()}\n`)
    .join('')
}

function summaryLines(result: ScanResult, layout: TextLayout): readonly string[] {
  const { findings, suppressed, receipt } = result
  const failed = receipt.skipped.filter((skip) => skip.outcome === 'failed')
  const bounded = receipt.skipped.filter((skip) => skip.outcome === 'bounded')
  const bySeverity = tally(
    findings.map(({ severity }) => severity),
    severities.toReversed(),
  )
  const bySuppression = tally(suppressed.map(({ suppression }) => suppression.by))
  return [
    ...row('found', bySeverity, layout),
    ...verifiedRow(result, layout),
    ...row('suppressed', bySuppression + suppressedHint(result, layout), layout),
    ...(layout.options.showSuppressed === true ? suppressedLines(result, layout) : []),
    ...row('scanned', coverageText(receipt), layout),
    ...(layout.options.verbose === true ? row('rules', rulesText(receipt), layout) : []),
    ...skipLines('not read', failed, layout),
    ...skipLines('skipped', bounded, layout),
  ]
}

function verdictLine(result: ScanResult, { paint }: TextLayout): string {
  const style = !result.receipt.complete ? 'red' : result.findings.length === 0 ? 'green' : 'bold'
  return paint(style, verdictText(result))
}

/** Counts equal words: `3: 2 placeholder, 1 inline`, or `none`. */
function tally(words: readonly string[], order?: readonly string[]): string {
  if (words.length === 0) return 'none'
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  const mostFirst = [...counts].toSorted(
    ([wordA, countA], [wordB, countB]) => countB - countA || (wordA < wordB ? -1 : 1),
  )
  const ordered =
    order === undefined
      ? mostFirst
      : order.flatMap((word) => mostFirst.filter(([counted]) => counted === word))
  const list = ordered.map(([word, count]) => `${formatCount(count)} ${word}`).join(', ')
  return `${formatCount(words.length)}: ${list}`
}

/** The row on verification, only if some finding was verified or has a reason why not. */
function verifiedRow({ findings }: ScanResult, layout: TextLayout): readonly string[] {
  const reported = findings.filter(
    ({ verification: { status, reason } }) => status !== 'not-tried' || reason !== undefined,
  )
  return reported.length === 0
    ? []
    : row('verified', tally(reported.map(({ verification }) => verification.status)), layout)
}

function suppressedHint({ suppressed }: ScanResult, { options }: TextLayout): string {
  return suppressed.length === 0 || options.showSuppressed === true
    ? ''
    : ' (--show-suppressed lists them)'
}

function suppressedLines({ suppressed }: ScanResult, layout: TextLayout): readonly string[] {
  return suppressed.flatMap(({ rule, suppression, redacted, place, finding }) => [
    ...row('', `${fittedPlaceText(place, layout.columns)} ${rule} ${redacted}`, layout),
    ...row('', `${suppression.by}: ${suppression.reason}`, layout),
    ...(finding === undefined ? [] : [unwrappedRow('', finding.fingerprint, layout)]),
  ])
}

function rulesText({ rules, config, git }: Receipt): string {
  return [
    `${countOf(rules.count, 'rule')} (${rules.digest})`,
    `configuration: ${config.path ?? config.from}`,
    `git ${git ?? 'not used'}`,
  ].join(', ')
}

/** Skips counted by reason, then listed. */
function skipLines(label: string, skips: readonly Skip[], layout: TextLayout): readonly string[] {
  if (skips.length === 0) return []
  const named = skips.filter((skip) => !isCountOnly(skip))
  const listed = layout.options.verbose === true ? named : named.slice(0, MAX_SKIPS)
  const more = countSkips(skips) - countSkips(listed)
  return [
    ...row(label, skipTally(skips), layout),
    ...listed.map((skip) => unwrappedRow('', cutMiddle(skipText(skip), textWidth(layout)), layout)),
    ...(more > 0 ? [unwrappedRow('', `and ${formatCount(more)} more`, layout)] : []),
  ]
}
