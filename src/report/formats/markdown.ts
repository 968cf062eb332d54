/**
 * The `markdown` format, for job summaries and comments: a table of findings, next steps for the
 * worst ones, and a receipt of what was scanned.
 */
import type { Finding, Introduction, Skip } from '../../model/model.ts'
import type { ScanResult } from '../../model/outcome.ts'
import { severities } from '../../model/rule.ts'
import { nextSteps } from '../next-steps/next-steps.ts'
import type { ReportOptions } from '../options.ts'
import { countOf, formatCount } from '../terminal/units.ts'
import { coverageText, skipTally, skipText, verdictText } from '../wording/coverage.ts'
import { exposureText, exposureWord } from '../wording/finding.ts'
import { mainPlace, placeText } from '../wording/places.ts'
import { scrubResult } from '../wording/scrub.ts'
import { verificationText } from '../wording/verification.ts'
import { markdownCode, markdownSentence, markdownText } from './markdown-text.ts'

/** GitHub drops a job summary over 1 MiB whole, and other steps may write to the same file. */
const MAX_BYTES = 900_000

/** The share of the page that the table of findings may fill. */
const TABLE_SHARE = 0.6

/** Maximum number of findings with next steps. */
const MAX_DETAILS = 20

const MAX_SKIPS = 20

/**
 * Writes the page within the size limit. If rows or sections do not fit, those of the mildest
 * findings are dropped, and a line says how many.
 */
export function markdownReport(result: ScanResult, options: ReportOptions): string {
  const scrubbed = scrubResult(result)
  const head = [`## Oakum: ${verdictText(scrubbed)}`, '', ...incompleteLines(scrubbed)]
  const tail = [...suppressedLines(scrubbed, options), ...receiptLines(scrubbed, options)]
  const budget = MAX_BYTES - byteLength([...head, ...tail])
  const rows = takeWithin(scrubbed.findings.map(tableRow), budget * TABLE_SHARE)
  const details = takeWithin(
    scrubbed.findings.slice(0, MAX_DETAILS).map(detailsSection),
    budget - byteLength(rows),
  )
  return [...head, ...tableLines(scrubbed, rows), ...detailsLines(scrubbed, details), ...tail]
    .map((line) => `${line}\n`)
    .join('')
}

function incompleteLines({ receipt }: ScanResult): readonly string[] {
  if (receipt.complete) return []
  return [
    '> [!WARNING]',
    '> The scan is incomplete: it says nothing about what was not read. The receipt below lists that.',
    '',
  ]
}

function tableLines({ findings }: ScanResult, rows: readonly string[]): readonly string[] {
  const more = findings.length - rows.length
  const table = [
    severityCounts(findings),
    '',
    '| severity | credential | where | exposure | first |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ]
  return [
    ...(rows.length === 0 ? [] : table),
    ...(more === 0
      ? []
      : [`**… and ${countOf(more, 'more finding')} that do not fit: see another format.**`, '']),
  ]
}

function severityCounts(findings: readonly Finding[]): string {
  return severities
    .toReversed()
    .map((severity) => ({
      severity,
      count: findings.filter((finding) => finding.severity === severity).length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `**${formatCount(count)}** ${severity}`)
    .join(' · ')
}

function tableRow(finding: Finding): string {
  const { severity, rule, parts, attribution, verification } = finding
  const [part] = parts
  const redacted = part === undefined ? '' : `<br>${markdownCode(part.redacted)}`
  const status = verification.status === 'not-tried' ? '' : `<br>${verification.status}`
  const first = attribution?.first
  const cells = [
    severity === 'critical' || severity === 'high' ? `**${severity}**` : severity,
    `${markdownText(rule.description)}${redacted}${status}`,
    markdownCode(placeText(mainPlace(finding))),
    exposureWord(finding),
    first ? `${shortDate(first)}<br>${shortCommit(first)}` : '',
  ]
  return `| ${cells.join(' | ')} |`
}

function shortCommit({ commit }: Introduction): string {
  return markdownCode(commit.slice(0, 12))
}

function shortDate({ date }: Introduction): string {
  return markdownText(date.slice(0, 10))
}

function detailsLines({ findings }: ScanResult, details: readonly string[]): readonly string[] {
  if (details.length === 0) return []
  const scope =
    details.length < findings.length ? `, for the worst ${formatCount(details.length)}` : ''
  return [`### What to do next${scope}`, '', ...details]
}

function detailsSection(finding: Finding): string {
  const { severity, rule, parts, attribution, verification, fingerprint, lapsed } = finding
  const verified = verificationText(verification)
  const rows = [
    ['where', markdownCode(placeText(mainPlace(finding)))],
    ['exposure', markdownText(exposureText(finding))],
    ...(verified === undefined ? [] : [['verification', markdownText(verified)]]),
    ...(attribution?.first ? [['introduced by', introductionText(attribution.first)]] : []),
    ...(lapsed === undefined ? [] : [['lapsed', markdownText(lapsed)]]),
    ['fingerprint', markdownCode(fingerprint)],
  ]
  const steps = nextSteps(finding).map(({ text, command }, index) => {
    const code = command === undefined ? '' : `<br>${markdownCode(command)}`
    return `${index + 1}. ${markdownSentence(text)}${code}`
  })
  const redacted = parts.map((part) => markdownCode(part.redacted)).join(' ')
  return [
    '<details>',
    `<summary><b>${severity}</b> ${markdownText(rule.description)} ${redacted}</summary>`,
    '',
    ...rows.map(([name = '', value = '']) => `- ${name}: ${value}`),
    '',
    ...steps,
    '',
    '</details>',
    '',
  ].join('\n')
}

/** The commit, its date, and its author without the email address. */
function introductionText(introduction: Introduction): string {
  const name = introduction.author.replace(/ *<[^<>]*>$/, '')
  return `${shortCommit(introduction)} of ${shortDate(introduction)}, ${markdownText(name)}`
}

function suppressedLines(
  { suppressed }: ScanResult,
  { showSuppressed }: ReportOptions,
): readonly string[] {
  if (showSuppressed !== true || suppressed.length === 0) return []
  const rows = suppressed.map(({ rule, suppression, redacted, place }) => {
    const reason = `${suppression.by}: ${suppression.reason}`
    const cells = [
      markdownText(rule),
      markdownCode(redacted),
      markdownCode(placeText(place)),
      markdownText(reason),
    ]
    return `| ${cells.join(' | ')} |`
  })
  const listed = takeWithin(rows, MAX_BYTES / 4)
  const more = rows.length - listed.length
  return [
    '### Suppressed',
    '',
    '| rule | redacted | where | why |',
    '|---|---|---|---|',
    ...listed,
    '',
    ...(more === 0 ? [] : [`… and ${formatCount(more)} more.`, '']),
  ]
}

function receiptLines(
  { receipt, suppressed }: ScanResult,
  { version }: ReportOptions,
): readonly string[] {
  const { rules, config, git, skipped } = receipt
  const failed = skipped.filter(({ outcome }) => outcome === 'failed')
  const bounded = skipped.filter(({ outcome }) => outcome === 'bounded')
  const rows = [
    ['scanned', markdownText(coverageText(receipt))],
    ['complete', receipt.complete ? 'yes' : '**no**'],
    ['suppressed', formatCount(suppressed.length)],
    ...skipRows('not read', failed),
    ...skipRows('skipped', bounded),
    ['rules', `${formatCount(rules.count)} (${markdownCode(rules.digest)})`],
    ['configuration', markdownText(config.path ?? config.from)],
    ['versions', `Oakum ${markdownText(version)}, git ${markdownText(git ?? 'not used')}`],
  ]
  return [
    '### Receipt',
    '',
    '| | |',
    '|---|---|',
    ...rows.map(([name = '', value = '']) => `| ${name} | ${value} |`),
  ]
}

function skipRows(name: string, skips: readonly Skip[]): readonly (readonly string[])[] {
  if (skips.length === 0) return []
  const listed = skips.slice(0, MAX_SKIPS).map((skip) => `<br>${markdownText(skipText(skip))}`)
  const ellipsis = skips.length > listed.length ? '<br>…' : ''
  return [[name, `${markdownText(skipTally(skips))}${listed.join('')}${ellipsis}`]]
}

/** The first lines that fit into a number of bytes, counting a line feed for each. */
function takeWithin(lines: readonly string[], maxBytes: number): readonly string[] {
  let left = maxBytes
  const end = lines.findIndex((line) => (left -= byteLength([line])) < 0)
  return end < 0 ? lines : lines.slice(0, end)
}

function byteLength(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0)
}
