/** The `csv` format, for spreadsheets: RFC 4180, without cells that a spreadsheet would execute. */
import type { Finding, Introduction } from '../../model/model.ts'
import type { ScanResult } from '../../model/outcome.ts'
import { nextSteps } from '../next-steps/next-steps.ts'
import type { ReportOptions } from '../options.ts'
import { escapeForTerminal } from '../terminal/escape.ts'
import { canaryText, verdictText } from '../wording/coverage.ts'
import { exposureText, exposureWord } from '../wording/finding.ts'
import { atLeast, groupPlaces, mainPlace, originText } from '../wording/places.ts'
import { scrubResult } from '../wording/scrub.ts'

/** Excel needs a byte order mark to recognize UTF-8. */
const BYTE_ORDER_MARK = '\u{FEFF}'

/** The start of a formula in Excel, LibreOffice or Google Sheets, including full-width forms. */
const formula = /^[\s'"]*[=+\-@|%\u{FF0B}\u{FF0D}\u{FF1D}\u{FF20}]/u

/** Maximum characters of a cell; Excel's limit is 32,767. */
const MAX_CELL_LENGTH = 32_000

const MAX_REFS = 20

interface Column {
  readonly name: string
  readonly cell: (finding: Finding) => string | number
}

const columns: readonly Column[] = [
  { name: 'severity', cell: ({ severity }) => severity },
  { name: 'rule', cell: ({ rule }) => rule.id },
  { name: 'title', cell: ({ rule }) => rule.description },
  { name: 'redacted', cell: ({ parts }) => redactedParts(parts) },
  { name: 'where', cell: (finding) => originText(mainPlace(finding).origin) },
  { name: 'line', cell: (finding) => mainPlace(finding).span.line },
  { name: 'column', cell: (finding) => mainPlace(finding).span.column },
  { name: 'places', cell: placesCell },
  { name: 'exposure', cell: exposureWord },
  { name: 'in HEAD', cell: inHeadCell },
  { name: 'verification', cell: ({ verification }) => verification.status },
  { name: 'verification reason', cell: ({ verification }) => verification.reason ?? '' },
  { name: 'identity', cell: ({ verification }) => verification.identity?.arn ?? '' },
  ...introductionColumns('first', ({ attribution }) => attribution?.first),
  ...introductionColumns('last', ({ attribution }) => attribution?.last),
  ...introductionColumns('removed', ({ attribution }) => attribution?.removed),
  { name: 'refs', cell: ({ attribution }) => refsCell(attribution?.refs ?? []) },
  { name: 'facts', cell: factsCell },
  { name: 'what next', cell: stepsCell },
  { name: 'fingerprint', cell: ({ fingerprint }) => fingerprint },
]

/**
 * Writes one line per finding below a line of column names. An incomplete scan adds a last line
 * with the severity `incomplete`, and canary keys one with the severity `note`.
 */
export function csvReport(result: ScanResult, _options: ReportOptions): string {
  const { findings, receipt } = scrubResult(result)
  const rows = findings.map((finding) => columns.map(({ cell }) => String(cell(finding))))
  const note = canaryText(result)
  const lines = [
    columns.map(({ name }) => name),
    ...[
      ...rows,
      ...(note === undefined || !receipt.complete ? [] : [noteRow('note', note)]),
      ...(receipt.complete ? [] : [noteRow('incomplete', verdictText(result))]),
    ].map((cells) => cells.map(quoted)),
  ]
  return BYTE_ORDER_MARK + lines.map((cells) => `${cells.join(',')}\r\n`).join('')
}

/** A row that tells something about the whole scan. */
function noteRow(severity: string, title: string): readonly string[] {
  return columns.map(({ name }) => (name === 'severity' ? severity : name === 'title' ? title : ''))
}

function redactedParts(parts: Finding['parts']): string {
  return parts.map(({ role, redacted }) => `${role} ${redacted}`).join('; ')
}

function inHeadCell({ attribution }: Finding): string {
  return attribution === undefined ? '' : attribution.inHead ? 'yes' : 'no'
}

function factsCell({ facts }: Finding): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name}: ${value}`)
    .join('; ')
}

function stepsCell(finding: Finding): string {
  const steps = nextSteps(finding).map(({ text, command }) =>
    command === undefined ? text : `${text} ${command}`,
  )
  return [exposureText(finding), ...steps].join(' ')
}

function introductionColumns(
  word: string,
  introductionOf: (finding: Finding) => Introduction | null | undefined,
): readonly Column[] {
  return [
    { name: `${word} commit`, cell: (finding) => introductionOf(finding)?.commit ?? '' },
    { name: `${word} date`, cell: (finding) => introductionOf(finding)?.date ?? '' },
    { name: `${word} author`, cell: (finding) => introductionOf(finding)?.author ?? '' },
  ]
}

function refsCell(refs: readonly string[]): string {
  return refs.length > MAX_REFS
    ? `${refs.slice(0, MAX_REFS).join(' ')} and ${refs.length - MAX_REFS} more`
    : refs.join(' ')
}

/**
 * Quotes every cell, since programs disagree on which characters need quotes. A leading quote mark
 * keeps a spreadsheet from evaluating a formula.
 */
function quoted(text: string): string {
  const escaped = escapeForTerminal(text).slice(0, MAX_CELL_LENGTH)
  return `"${(formula.test(escaped) ? `'${escaped}` : escaped).replaceAll('"', '""')}"`
}

/** Returns a number, or text where the number is a lower bound. */
function placesCell(finding: Finding): string | number {
  const count = groupPlaces(finding.places).length
  const bound = atLeast(finding)
  return bound === '' ? count : `${bound}${count}`
}
