import type { Skip } from '../../model/model.ts'
import type { Receipt, ScanResult } from '../../model/outcome.ts'
import { severities } from '../../model/rule.ts'
import { escapeForTerminal } from './escape.ts'
import { cutMiddle } from './fit.ts'
import { row, shortId, whereOf, wholeRow, type Page } from './page.ts'
import { countOf, formatBytes, formatCount, formatDuration } from './units.ts'
import { totalOf, verdictText } from '../wording/verdict.ts'

/** Skips listed unless the report is verbose. */
const maxSkips = 10

/** What was found, ruled out, read and not read, without the verdict. */
export function summaryLines(result: ScanResult, page: Page): readonly string[] {
  const { receipt } = result
  const failed = receipt.skipped.filter((skip) => skip.outcome === 'failed')
  const bounded = receipt.skipped.filter((skip) => skip.outcome === 'bounded')
  return [
    ...row(
      'found',
      tally(
        result.findings.map((one) => one.severity),
        severities.toReversed(),
      ),
      page,
    ),
    ...verifiedRow(result, page),
    ...row(
      'suppressed',
      tally(result.suppressed.map((one) => one.suppression.by)) + suppressedHint(result, page),
      page,
    ),
    ...(page.options.showSuppressed === true ? suppressedLines(result, page) : []),
    ...row('read', coverageOf(receipt), page),
    ...(page.options.verbose === true ? row('under', rulesOf(receipt), page) : []),
    ...skipLines('not read', failed, page),
    ...skipLines('left out', bounded, page),
  ]
}

/** The verdict, in a colour. */
export function verdictLine(result: ScanResult, { paint }: Page): string {
  return paint(
    !result.receipt.complete ? 'red' : result.findings.length === 0 ? 'green' : 'bold',
    verdictText(result),
  )
}

/** `3: 2 placeholder, 1 inline`, `none` */
function tally(words: readonly string[], order?: readonly string[]): string {
  if (words.length === 0) return 'none'
  const tallied = new Map<string, number>()
  for (const word of words) tallied.set(word, (tallied.get(word) ?? 0) + 1)
  const mostFirst = [...tallied].toSorted(([a, ofA], [b, ofB]) => ofB - ofA || (a < b ? -1 : 1))
  const counts =
    order === undefined
      ? mostFirst
      : order.flatMap((word) => mostFirst.filter(([one]) => one === word))
  return `${formatCount(words.length)}: ${counts.map(([word, count]) => `${formatCount(count)} ${word}`).join(', ')}`
}

/** Only where somebody was asked, or it is said why not. */
function verifiedRow({ findings }: ScanResult, page: Page): readonly string[] {
  const told = findings.filter(
    ({ verification: { status, reason } }) => status !== 'not-tried' || reason !== undefined,
  )
  return told.length === 0
    ? []
    : row('verified', tally(told.map(({ verification }) => verification.status)), page)
}

function suppressedHint({ suppressed }: ScanResult, { options }: Page): string {
  return suppressed.length === 0 || options.showSuppressed === true
    ? ''
    : ' (--show-suppressed lists them)'
}

function suppressedLines({ suppressed }: ScanResult, page: Page): readonly string[] {
  return suppressed.flatMap(({ rule, suppression, redacted, place, finding }) => [
    ...row('', `${whereOf(place, page.columns)} ${rule} ${redacted}`, page),
    ...row('', `${suppression.by}: ${suppression.reason}`, page),
    ...(finding === undefined ? [] : [wholeRow('', finding.fingerprint, page)]),
  ])
}

/** What was read of what, how fast and how. To be escaped. */
export function coverageOf(receipt: Receipt): string {
  const { blobs, trees, commits, tags, bytes, durationMs, target, range, reader } = receipt
  const counts = [
    [blobs, 'blob'],
    [trees, 'tree'],
    [commits, 'commit'],
    [tags, 'tag'],
  ] as const
  const objects = counts.filter(([count]) => count > 0).map(([count, noun]) => countOf(count, noun))
  const part =
    receipt.shard === undefined ? '' : `, shard ${receipt.shard.index} of ${receipt.shard.count}`
  const what =
    range === null
      ? `${target}${part}`
      : `${target} ${revisionOf(range.base)}..${revisionOf(range.head)}`
  if (objects.length === 0 && bytes === 0) return `nothing of ${what}: there was nothing to read`
  const rate = durationMs > 0 ? ` (${(bytes / 1000 / durationMs).toFixed(1)} MB/s)` : ''
  const how = reader === null ? '' : `, with ${reader}`
  return `${objects.join(', ')} of ${what}: ${formatBytes(bytes)} in ${formatDuration(durationMs)}${rate}${how}`
}

function revisionOf(revision: string): string {
  return /^[\da-f]{40,64}$/.test(revision) ? shortId(revision) : revision
}

function rulesOf({ rules, config, git }: Receipt): string {
  return `${countOf(rules.count, 'rule')} (${rules.digest}), configuration: ${config.path ?? config.from}, git ${git ?? 'not used'}`
}

/** How many by reason, then each of them. */
function skipLines(label: string, skips: readonly Skip[], page: Page): readonly string[] {
  if (skips.length === 0) return []
  const each = skips.filter(({ count, member }) => count === undefined || member !== undefined)
  const listed = page.options.verbose === true ? each : each.slice(0, maxSkips)
  const more = totalOf(skips) - totalOf(listed)
  return [
    ...row(label, reasonsOf(skips), page),
    ...listed.map((skip) => wholeRow('', cutMiddle(skipText(skip), page.columns - 15), page)),
    ...(more > 0 ? [wholeRow('', `and ${formatCount(more)} more`, page)] : []),
  ]
}

/** `23: 22 missing, 1 unreadable` */
export function reasonsOf(skips: readonly Skip[]): string {
  const counts = new Map<string, number>()
  for (const skip of skips)
    counts.set(skip.reason, (counts.get(skip.reason) ?? 0) + (skip.count ?? 1))
  return `${formatCount(totalOf(skips))}: ${[...counts].map(([reason, count]) => `${formatCount(count)} ${reason}`).join(', ')}`
}

/** A skip in one line. Escaped. */
export function skipText({ reason, path, member, object, detail }: Skip): string {
  const outer =
    path === undefined
      ? object && `object ${escapeForTerminal(object)}`
      : escapeForTerminal(path.text)
  const name =
    member === undefined ? outer : `${outer ?? 'standard input'} > ${escapeForTerminal(member)}`
  return [
    reason,
    ...(name === undefined ? [] : [cutMiddle(name, 47)]),
    ...(detail === undefined ? [] : [escapeForTerminal(detail)]),
  ].join(' ')
}
