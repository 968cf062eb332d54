/** For spreadsheets: RFC 4180, and no cell is a formula. */
import type { Finding, Introduction } from '../../model/model.ts'
import type { ScanResult } from '../../model/outcome.ts'
import { escapeForTerminal } from '../terminal/escape.ts'
import { exposureOf, exposureWord } from '../wording/exposure.ts'
import type { ReportOptions } from '../options.ts'
import { groupPlaces, mainPlace } from '../wording/places.ts'
import { scrubResult } from '../wording/scrub.ts'
import { stepsFor } from '../wording/steps.ts'
import { verdictText } from '../wording/verdict.ts'
import { nameText } from '../wording/where.ts'

/** Without it Excel takes UTF-8 for another encoding. Programs that cannot do with it have JSON. */
const byteOrderMark = '\u{FEFF}'

/** What starts a formula in Excel, LibreOffice or Google Sheets, full-width forms included. */
const formula = /^[\s'"]*[=+\-@|%\u{FF0B}\u{FF0D}\u{FF1D}\u{FF20}]/u

/** A cell of a spreadsheet has room for 32,767 characters. */
const maxCell = 32_000

const maxRefs = 20

const columns: readonly (readonly [name: string, cell: (finding: Finding) => string | number])[] = [
  ['severity', ({ severity }) => severity],
  ['rule', ({ rule }) => rule.id],
  ['title', ({ rule }) => rule.description],
  ['redacted', ({ parts }) => parts.map(({ role, redacted }) => `${role} ${redacted}`).join('; ')],
  ['where', (finding) => nameText(mainPlace(finding).origin)],
  ['line', (finding) => mainPlace(finding).span.line],
  ['column', (finding) => mainPlace(finding).span.column],
  ['places', ({ places }) => groupPlaces(places).length],
  ['exposure', exposureWord],
  [
    'in HEAD',
    ({ attribution }) => (attribution === undefined ? '' : attribution.inHead ? 'yes' : 'no'),
  ],
  ['verification', ({ verification }) => verification.status],
  ['verification reason', ({ verification }) => verification.reason ?? ''],
  ['identity', ({ verification }) => verification.identity?.arn ?? ''],
  ...introductionColumns('first', ({ attribution }) => attribution?.first),
  ...introductionColumns('last', ({ attribution }) => attribution?.last),
  ...introductionColumns('removed', ({ attribution }) => attribution?.removed),
  ['refs', ({ attribution }) => listed(attribution?.refs ?? [])],
  [
    'facts',
    ({ facts }) =>
      Object.entries(facts)
        .map(([name, value]) => `${name}: ${value}`)
        .join('; '),
  ],
  [
    'what next',
    (finding) =>
      [
        exposureOf(finding),
        ...stepsFor(finding).map(({ text, command }) =>
          command === undefined ? text : `${text} ${command}`,
        ),
      ].join(' '),
  ],
  ['fingerprint', ({ fingerprint }) => fingerprint],
]

/** One finding a line under a line of names, and a last line where the scan is incomplete. */
export function csvReport(result: ScanResult, _options: ReportOptions): string {
  const { findings, receipt } = scrubResult(result)
  const rows = findings.map((finding) => columns.map(([, cell]) => String(cell(finding))))
  const last = receipt.complete
    ? []
    : [
        columns.map(([name]) =>
          name === 'severity' ? 'incomplete' : name === 'title' ? verdictText(result) : '',
        ),
      ]
  const lines = [
    columns.map(([name]) => name),
    ...[...rows, ...last].map((cells) => cells.map(quoted)),
  ]
  return byteOrderMark + lines.map((cells) => `${cells.join(',')}\r\n`).join('')
}

function introductionColumns(
  word: string,
  introductionOf: (finding: Finding) => Introduction | null | undefined,
): typeof columns {
  return [
    [`${word} commit`, (finding) => introductionOf(finding)?.commit ?? ''],
    [`${word} date`, (finding) => introductionOf(finding)?.date ?? ''],
    [`${word} author`, (finding) => introductionOf(finding)?.author ?? ''],
  ]
}

function listed(refs: readonly string[]): string {
  return refs.length > maxRefs
    ? `${refs.slice(0, maxRefs).join(' ')} and ${refs.length - maxRefs} more`
    : refs.join(' ')
}

/**
 * Always in quotes, so that a program that splits lines at other characters finds no cell within
 * one.
 */
function quoted(text: string): string {
  const shown = escapeForTerminal(text).slice(0, maxCell)
  return `"${(formula.test(shown) ? `'${shown}` : shown).replaceAll('"', '""')}"`
}
