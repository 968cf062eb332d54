/** Lines of the list of findings. Only the visible lines are built. */
import type { Paint } from '../../report/terminal/colour.ts'
import { cutMiddle, widthOf } from '../../report/terminal/fit.ts'
import { formatCount } from '../../report/terminal/units.ts'
import type { Severity } from '../../model/rule.ts'
import type { ShownFinding } from '../../model/shown.ts'
import { credentialOf } from '../verdict/document.ts'
import { exposureStyles, exposureWords, severityStyles } from '../verdict/finding-details.ts'
import { listHeight, pathOf } from './arrange.ts'
import type { ScreenState } from './state.ts'

type PaintCell = (text: string, finding: ShownFinding, paint: Paint) => string

interface Column {
  readonly head: string
  readonly width: number
  /** True for columns of numbers. */
  readonly alignRight?: boolean
  readonly cell: (finding: ShownFinding, state: ScreenState) => string
  readonly paint?: PaintCell
}

const severityWords: Readonly<Record<Severity, string>> = {
  critical: 'CRITICAL',
  high: 'HIGH',
  medium: 'MEDIUM',
  low: 'LOW',
}
const severityShort: Readonly<Record<Severity, string>> = {
  critical: 'CRIT',
  high: 'HIGH',
  medium: 'MED',
  low: 'LOW',
}

const paintSeverity: PaintCell = (text, { severity }, paint) =>
  paint(severityStyles[severity], text)
const paintExposure: PaintCell = (text, { attribution }, paint) =>
  attribution === undefined ? paint('dim', text) : paint(exposureStyles[attribution.exposure], text)

const HEAD_COLUMN: Column = {
  head: 'HEAD',
  width: 4,
  cell: ({ attribution }) => (attribution === undefined ? '' : attribution.inHead ? 'yes' : 'no'),
}

const EXPOSURE_COLUMN: Column = {
  head: 'EXPOSURE',
  width: 11,
  cell: exposureCell,
  paint: paintExposure,
}

const DECISION_COLUMN: Column = {
  head: 'DECISION',
  width: 9,
  cell: decisionCell,
  paint: (text, { accepted }, paint) => paint(accepted === undefined ? 'bold' : 'green', text),
}

/** Columns after EXPOSURE on a screen of 100 columns and more. */
const WIDE_COLUMNS: readonly Column[] = [
  HEAD_COLUMN,
  {
    head: 'FIRST SEEN',
    width: 10,
    cell: ({ attribution }) => attribution?.first?.date.slice(0, 10) ?? '',
  },
  { head: 'PLACES', width: 6, alignRight: true, cell: ({ count }) => formatCount(count) },
  {
    head: 'LIVE?',
    width: 8,
    cell: ({ verification: { status } }) => (status === 'not-tried' ? '' : status),
    paint: (text, { verification: { status } }, paint) =>
      status === 'live' ? paint('red', text) : text,
  },
]

/** Returns the columns for a width. CREDENTIAL, RULE and WHERE share what the others leave. */
function columnsFor(width: number): readonly Column[] {
  const isWide = width >= 100
  const optionalColumns = isWide ? WIDE_COLUMNS : width >= 76 ? [HEAD_COLUMN] : []
  const severityColumn = severityColumnFor(isWide)
  const fixedWidth = [severityColumn, EXPOSURE_COLUMN, DECISION_COLUMN, ...optionalColumns].reduce(
    (sum, column) => sum + column.width + 1,
    3,
  )
  return [
    severityColumn,
    ...flexibleColumns(width - fixedWidth - 1),
    EXPOSURE_COLUMN,
    ...optionalColumns,
    DECISION_COLUMN,
  ]
}

function severityColumnFor(isWide: boolean): Column {
  const words = isWide ? severityWords : severityShort
  return {
    head: isWide ? 'SEVERITY' : 'SEV',
    width: isWide ? 9 : 4,
    cell: ({ severity }) => words[severity],
    paint: paintSeverity,
  }
}

/** Returns CREDENTIAL and RULE, and WHERE when there is room for a path. */
function flexibleColumns(room: number): readonly Column[] {
  const hasPath = room >= 56
  const credential = hasPath ? 27 : Math.max(10, Math.min(27, room - 12))
  const rule = hasPath ? Math.min(24, room - credential - 22) : Math.max(8, room - credential - 1)
  const pathColumn: Column = {
    head: 'WHERE',
    width: room - credential - rule - 2,
    cell: pathOf,
    paint: (text, _, paint) => paint('dim', text),
  }
  return [
    {
      head: 'CREDENTIAL',
      width: credential,
      cell: (finding) => credentialText(finding, credential),
    },
    { head: 'RULE', width: rule, cell: ({ rule: { id } }) => cutEnd(id, rule) },
    ...(hasPath ? [pathColumn] : []),
  ]
}

/** Returns the heads of the columns, with an arrow at the one that the list is sorted by. */
export function headLine({ columns, sort }: ScreenState, paint: Paint): string {
  const sortHeads = {
    severity: /^SEV/,
    exposure: /^EXPOSURE/,
    date: /^FIRST/,
    rule: /^RULE/,
    path: /^WHERE/,
    places: /^PLACES/,
  } as const
  const cells = columnsFor(columns).map(({ head, width, alignRight: right }) =>
    padToWidth(sortHeads[sort].test(head) && head.length < width ? `${head}↓` : head, width, right),
  )
  return paint('dim', `   ${cells.join(' ')}`)
}

/** Returns the visible lines of the list. */
export function listLines(state: ScreenState, paint: Paint): readonly string[] {
  const columns = columnsFor(state.columns)
  const rows = state.listed.slice(state.top, state.top + listHeight(state))
  return rows.map((fingerprint) => {
    const finding = state.findings.get(fingerprint)
    if (finding === undefined) return ''
    const isSelected = fingerprint === state.selected
    const cells = columns.map(({ width, alignRight: right, cell, paint: paintCell }) => {
      const text = padToWidth(cell(finding, state), width, right)
      return paintCell === undefined || finding.accepted !== undefined
        ? text
        : paintCell(text, finding, paint)
    })
    const line = ` ${isSelected ? '▸' : ' '} ${cells.join(' ')}`
    if (isSelected) return paint('bold', line)
    return finding.accepted === undefined ? line : paint('dim', line)
  })
}

/** Cuts a text to a width, or fills it with spaces. */
function padToWidth(text: string, width: number, right = false): string {
  const cut = cutMiddle(text, Math.max(1, width))
  const space = ' '.repeat(Math.max(0, width - widthOf(cut)))
  return right ? space + cut : cut + space
}

/** Returns all redacted parts of a credential if they fit, otherwise the first. */
function credentialText(finding: ShownFinding, width: number): string {
  const whole = credentialOf(finding)
  return widthOf(whole) <= width ? whole : (whole.split(' ')[0] ?? whole)
}

function cutEnd(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`
}

function exposureCell({ attribution, places }: ShownFinding, { scan }: ScreenState): string {
  if (attribution !== undefined) return exposureWords[attribution.exposure]
  return places.length === 0 && scan.status === 'running'
    ? '…'
    : places.length === 0
      ? '?'
      : exposureWords.local
}

function decisionCell({ accepted, fingerprint }: ShownFinding, { marks }: ScreenState): string {
  return accepted === undefined ? (marks.get(fingerprint) ?? '') : 'accepted'
}
