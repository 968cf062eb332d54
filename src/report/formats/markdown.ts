/** For job summaries and comments: what was found, what to do about the worst, what was read. */
import type { Finding, Skip } from '../../model/model.ts'
import type { ScanResult } from '../../model/outcome.ts'
import { severities } from '../../model/rule.ts'
import { exposureOf, exposureWord } from '../wording/exposure.ts'
import { markdownCode, markdownSentence, markdownText } from './markdown-text.ts'
import type { ReportOptions } from '../options.ts'
import { mainPlace } from '../wording/places.ts'
import { scrubResult } from '../wording/scrub.ts'
import { stepsFor } from '../wording/steps.ts'
import { coverageOf, reasonsOf, skipText } from '../terminal/summary.ts'
import { countOf, formatCount } from '../terminal/units.ts'
import { verdictText } from '../wording/verdict.ts'
import { verificationText } from '../wording/verified.ts'
import { whereText } from '../wording/where.ts'

/** GitHub drops a summary over 1 MiB whole, and other steps may have written to the same file. */
const maxBytes = 900_000

/** What to do is said of so many findings; for the rest there are other formats. */
const maxDetails = 20

const maxSkips = 20

/**
 * A page within GitHub's limit: rows and sections are left out whole, the mildest first, and it
 * says how many.
 */
export function markdownReport(result: ScanResult, options: ReportOptions): string {
  const shown = scrubResult(result)
  const head = [`## Oakum: ${verdictText(shown)}`, '', ...incompleteLines(shown)]
  const tail = [...suppressedLines(shown, options), ...receiptLines(shown, options)]
  const room = maxBytes - bytesOf([...head, ...tail])
  const table = fitting(shown.findings.map(tableRow), room * 0.6)
  const details = fitting(shown.findings.slice(0, maxDetails).map(detailsOf), room - bytesOf(table))
  const more = shown.findings.length - table.length
  return [
    ...head,
    ...(table.length === 0
      ? []
      : [
          ...tally(shown),
          '',
          '| severity | credential | where | exposure | first |',
          '|---|---|---|---|---|',
          ...table,
          '',
        ]),
    ...(more === 0
      ? []
      : [
          `**… and ${countOf(more, 'finding')} more, which do not fit: see the report in another format.**`,
          '',
        ]),
    ...(details.length === 0
      ? []
      : [
          `### What to do next${details.length < shown.findings.length ? `, for the worst ${formatCount(details.length)}` : ''}`,
          '',
          ...details,
        ]),
    ...tail,
  ]
    .map((line) => `${line}\n`)
    .join('')
}

function incompleteLines({ receipt }: ScanResult): readonly string[] {
  if (receipt.complete) return []
  return [
    '> [!WARNING]',
    '> The scan is not complete, so it has shown nothing of what was not read. The receipt below names it.',
    '',
  ]
}

function tally({ findings }: ScanResult): readonly string[] {
  const counts = severities
    .toReversed()
    .map(
      (severity) => [severity, findings.filter((one) => one.severity === severity).length] as const,
    )
  return [
    counts
      .filter(([, count]) => count > 0)
      .map(([severity, count]) => `**${formatCount(count)}** ${severity}`)
      .join(' · '),
  ]
}

function tableRow(finding: Finding): string {
  const { severity, rule, parts, attribution, verification } = finding
  const [part] = parts
  const first = attribution?.first
  const cells = [
    severity === 'critical' || severity === 'high' ? `**${severity}**` : severity,
    `${markdownText(rule.description)}${part === undefined ? '' : `<br>${markdownCode(part.redacted)}`}${verification.status === 'not-tried' ? '' : `<br>${verification.status}`}`,
    markdownCode(whereText(mainPlace(finding))),
    exposureWord(finding),
    first
      ? `${markdownText(first.date.slice(0, 10))}<br>${markdownCode(first.commit.slice(0, 12))}`
      : '',
  ]
  return `| ${cells.join(' | ')} |`
}

function detailsOf(finding: Finding): string {
  const { severity, rule, parts, attribution, verification, fingerprint, lapsed } = finding
  const verified = verificationText(verification)
  const rows = [
    ['where', markdownCode(whereText(mainPlace(finding)))],
    ['exposure', markdownText(exposureOf(finding))],
    ...(verified === undefined ? [] : [['verification', markdownText(verified)]]),
    ...(attribution?.first
      ? [
          [
            'came in with',
            `${markdownCode(attribution.first.commit.slice(0, 12))} of ${markdownText(attribution.first.date.slice(0, 10))}, ${markdownText(nameOf(attribution.first.author))}`,
          ],
        ]
      : []),
    ...(lapsed === undefined ? [] : [['lapsed', markdownText(lapsed)]]),
    ['fingerprint', markdownCode(fingerprint)],
  ]
  const steps = stepsFor(finding).flatMap(({ text, command }, index) => [
    `${index + 1}. ${markdownSentence(text)}${command === undefined ? '' : `<br>${markdownCode(command)}`}`,
  ])
  const title = `<b>${severity}</b> ${markdownText(rule.description)} ${parts.map(({ redacted }) => markdownCode(redacted)).join(' ')}`
  return [
    '<details>',
    `<summary>${title}</summary>`,
    '',
    ...rows.map(([name = '', value = '']) => `- ${name}: ${value}`),
    '',
    ...steps,
    '',
    '</details>',
    '',
  ].join('\n')
}

/** Whom to ask, without the address. */
function nameOf(author: string): string {
  return author.replace(/ *<[^<>]*>$/, '')
}

function suppressedLines(
  { suppressed }: ScanResult,
  { showSuppressed }: ReportOptions,
): readonly string[] {
  if (showSuppressed !== true || suppressed.length === 0) return []
  const rows = suppressed.map(
    ({ rule, suppression, redacted, place }) =>
      `| ${[markdownText(rule), markdownCode(redacted), markdownCode(whereText(place)), markdownText(`${suppression.by}: ${suppression.reason}`)].join(' | ')} |`,
  )
  const listed = fitting(rows, maxBytes / 4)
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
  const rows = [
    ['read', markdownText(coverageOf(receipt))],
    ['complete', receipt.complete ? 'yes' : '**no**'],
    ['suppressed', formatCount(suppressed.length)],
    ...skipRows(
      'not read',
      skipped.filter(({ outcome }) => outcome === 'failed'),
    ),
    ...skipRows(
      'left out',
      skipped.filter(({ outcome }) => outcome === 'bounded'),
    ),
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
  const listed = skips.slice(0, maxSkips).map((skip) => `<br>${markdownText(skipText(skip))}`)
  return [
    [
      name,
      `${markdownText(reasonsOf(skips))}${listed.join('')}${skips.length > listed.length ? '<br>…' : ''}`,
    ],
  ]
}

/** As many from the start as have room, each with its line feed. */
function fitting(lines: readonly string[], bytes: number): readonly string[] {
  let left = bytes
  const end = lines.findIndex((line) => (left -= bytesOf([line])) < 0)
  return end < 0 ? lines : lines.slice(0, end)
}

function bytesOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0)
}
