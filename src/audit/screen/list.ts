/** The list, line by line: only what is seen is made. */
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
  /** Numbers stand at the right. */
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

/** Columns for a width; the one without a width of its own takes the rest. */
function columnsFor(width: number): readonly Column[] {
  const wide = width >= 100
  const exposure: Column = { head: 'EXPOSURE', width: 11, cell: exposureCell, paint: paintExposure }
  const decision: Column = {
    head: 'DECISION',
    width: 9,
    cell: decisionCell,
    paint: (text, { accepted }, paint) => paint(accepted === undefined ? 'bold' : 'green', text),
  }
  const rest: readonly Column[] = wide
    ? [
        {
          head: 'HEAD',
          width: 4,
          cell: ({ attribution }) =>
            attribution === undefined ? '' : attribution.inHead ? 'yes' : 'no',
        },
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
    : width >= 76
      ? [
          {
            head: 'HEAD',
            width: 4,
            cell: ({ attribution }) =>
              attribution === undefined ? '' : attribution.inHead ? 'yes' : 'no',
          },
        ]
      : []
  const severity: Column = {
    head: wide ? 'SEVERITY' : 'SEV',
    width: wide ? 9 : 4,
    cell: ({ severity: one }) => (wide ? severityWords : severityShort)[one],
    paint: paintSeverity,
  }
  const fixed = [severity, exposure, decision, ...rest].reduce(
    (sum, column) => sum + column.width + 1,
    3,
  )
  const room = width - fixed - 1
  const withPath = room >= 56
  const credential = withPath ? 27 : Math.max(10, Math.min(27, room - 12))
  const rule = withPath ? Math.min(24, room - credential - 22) : Math.max(8, room - credential - 1)
  return [
    severity,
    {
      head: 'CREDENTIAL',
      width: credential,
      cell: (finding) => credentialText(finding, credential),
    },
    { head: 'RULE', width: rule, cell: ({ rule: { id } }) => cutEnd(id, rule) },
    ...(withPath
      ? [
          {
            head: 'WHERE',
            width: room - credential - rule - 2,
            cell: pathOf,
            paint: (text: string, _: ShownFinding, paint: Paint) => paint('dim', text),
          },
        ]
      : []),
    exposure,
    ...rest,
    decision,
  ]
}

/** The heads of the columns; the one that is sorted by is marked. */
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

/** The lines of the list that are seen. */
export function listLines(state: ScreenState, paint: Paint): readonly string[] {
  const columns = columnsFor(state.columns)
  const rows = state.listed.slice(state.top, state.top + listHeight(state))
  return rows.map((fingerprint) => {
    const finding = state.findings.get(fingerprint)
    if (finding === undefined) return ''
    const own = fingerprint === state.selected
    const cells = columns.map(({ width, alignRight: right, cell, paint: painted }) => {
      const text = padToWidth(cell(finding, state), width, right)
      return painted === undefined || finding.accepted !== undefined
        ? text
        : painted(text, finding, paint)
    })
    const line = ` ${own ? '▸' : ' '} ${cells.join(' ')}`
    if (own) return paint('bold', line)
    return finding.accepted === undefined ? line : paint('dim', line)
  })
}

/** Cut, or filled up with spaces. */
function padToWidth(text: string, width: number, right = false): string {
  const cut = cutMiddle(text, Math.max(1, width))
  const space = ' '.repeat(Math.max(0, width - widthOf(cut)))
  return right ? space + cut : cut + space
}

/** All parts of a credential where there is room, else the first. */
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
