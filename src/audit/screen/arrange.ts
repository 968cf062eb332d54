/** Order, filter and scroll position of the list, and the heights of the parts of the screen. */
import { credentialOf } from '../verdict/document.ts'
import { compareSeverity } from '../../model/rule.ts'
import type { Mark, ShownFinding } from '../../model/shown.ts'
import type { Sort, ScreenState } from './state.ts'

const EXPOSURES = ['published', 'pending', 'local'] as const

/** Lines around the list: two of the header, the column heads, and two of the footer. */
const FIXED_ROWS = 5

/** Returns the height of the screen in lines. */
export function heightOf({ rows }: Pick<ScreenState, 'rows'>): number {
  return Math.max(6, rows)
}

/** Returns the number of visible lines of the list. */
export function listHeight(state: ScreenState): number {
  return Math.max(1, heightOf(state) - FIXED_ROWS - dialogHeight(state) - previewHeight(state))
}

/** Returns the height of the details below the list; zero on a low screen. */
export function previewHeight(state: Pick<ScreenState, 'rows' | 'dialog'>): number {
  const room = heightOf(state) - FIXED_ROWS
  return room < 24 ? 0 : Math.floor(room / 2) - dialogHeight(state)
}

/** Returns the height of the open dialog; zero without one. */
export function dialogHeight({ dialog }: Pick<ScreenState, 'dialog'>): number {
  if (dialog === undefined || dialog.kind === 'filter') return 0
  if (dialog.kind === 'verify') return 3 + Math.max(1, dialog.lines.length)
  return dialog.kind === 'accept' ? 6 : 5
}

/**
 * Replaces the findings. Until the first key the list is sorted anew; after it new findings go to
 * the end, and the selected line does not move on the screen.
 */
export function withFindings(
  state: ScreenState,
  findings: ReadonlyMap<string, ShownFinding>,
): ScreenState {
  if (state.untouched) {
    const selected =
      state.resumed !== undefined && findings.has(state.resumed) ? state.resumed : undefined
    return applyFilter({
      ...state,
      findings,
      order: sortFingerprints([...findings.keys()], findings, state.sort),
      selected,
      top: 0,
    })
  }
  const oldOrder = new Set(state.order)
  const order = [
    ...state.order.filter((fingerprint) => findings.has(fingerprint)),
    ...[...findings.keys()].filter((fingerprint) => !oldOrder.has(fingerprint)),
  ]
  return applyFilter({ ...state, findings, order })
}

/** Sorts the list by the chosen order. */
export function sortBy(state: ScreenState, sort: Sort): ScreenState {
  return applyFilter({
    ...state,
    sort,
    order: sortFingerprints([...state.order], state.findings, sort),
  })
}

/** Applies the filter, keeping the selected finding and its line on the screen. */
export function applyFilter(state: ScreenState): ScreenState {
  const rows = filteredFingerprints(state)
  const oldIndex = state.selected === undefined ? -1 : state.listed.indexOf(state.selected)
  const at = state.selected === undefined ? -1 : rows.indexOf(state.selected)
  if (at >= 0)
    return scrollIntoView(
      { ...state, listed: rows, top: oldIndex < 0 ? state.top : state.top + at - oldIndex },
      at,
    )
  const next = Math.max(0, Math.min(oldIndex, rows.length - 1))
  return scrollIntoView({ ...state, listed: rows, selected: rows[next] }, next)
}

function filteredFingerprints({ filter, order, findings, marks }: ScreenState): readonly string[] {
  if (filter.trim() === '') return order
  const test = parseFilter(filter)
  return order.filter((fingerprint) => {
    const finding = findings.get(fingerprint)
    return finding !== undefined && test(searchText(finding, marks.get(fingerprint)))
  })
}

/** Scrolls the list so that a row is visible. */
export function scrollIntoView(state: ScreenState, at: number): ScreenState {
  const height = listHeight(state)
  const maxTop = Math.max(0, state.listed.length - height)
  const top = Math.max(0, Math.min(Math.max(Math.min(state.top, at), at - height + 1), maxTop))
  return { ...state, top }
}

/** Returns the index of the selected row; 0 when nothing is selected. */
export function cursorIndex({ listed: rows, selected }: ScreenState): number {
  return selected === undefined ? 0 : Math.max(0, rows.indexOf(selected))
}

/** Sorts fingerprints by an order, and equal ones by severity. */
function sortFingerprints(
  fingerprints: readonly string[],
  findings: ReadonlyMap<string, ShownFinding>,
  sort: Sort,
): readonly string[] {
  const all = fingerprints.flatMap((fingerprint) => findings.get(fingerprint) ?? [])
  return all
    .toSorted(
      (a, b) =>
        comparers[sort](a, b) ||
        comparers.severity(a, b) ||
        compareText(a.rule.id, b.rule.id) ||
        compareText(a.fingerprint, b.fingerprint),
    )
    .map(({ fingerprint }) => fingerprint)
}

type Comparer = (a: ShownFinding, b: ShownFinding) => number

const byExposure: Comparer = (a, b) => exposureRank(a) - exposureRank(b)

const comparers: Readonly<Record<Sort, Comparer>> = {
  severity: (a, b) =>
    Number(a.accepted !== undefined) - Number(b.accepted !== undefined) ||
    compareSeverity(b.severity, a.severity) ||
    byExposure(a, b),
  exposure: byExposure,
  date: (a, b) => compareText(b.attribution?.first?.date ?? '', a.attribution?.first?.date ?? ''),
  rule: (a, b) => compareText(a.rule.id, b.rule.id),
  path: (a, b) => compareText(pathOf(a), pathOf(b)),
  places: (a, b) => b.count - a.count,
}

/** Returns the group of a finding in an order; the keys `]` and `[` jump from group to group. */
export function groupOf(finding: ShownFinding, sort: Sort): string {
  if (sort === 'severity') return finding.severity
  if (sort === 'exposure') return finding.attribution?.exposure ?? ''
  if (sort === 'date') return finding.attribution?.first?.date.slice(0, 7) ?? ''
  if (sort === 'rule') return finding.rule.id
  return sort === 'path' ? pathOf(finding) : String(finding.count)
}

/** Returns the path shown for a finding. */
export function pathOf({ places: [place], attribution }: ShownFinding): string {
  return place?.path ?? attribution?.first?.path ?? ''
}

function exposureRank({ attribution }: ShownFinding): number {
  return attribution === undefined ? 3 : EXPOSURES.indexOf(attribution.exposure)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

/** Parses a filter: every word must occur in the text, and every `!word` must not. */
function parseFilter(filter: string): (text: string) => boolean {
  const terms = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '' && word !== '!')
  const excluded = terms.filter((word) => word.startsWith('!')).map((word) => word.slice(1))
  const required = terms.filter((word) => !word.startsWith('!'))
  return (text) =>
    required.every((word) => text.includes(word)) && !excluded.some((word) => text.includes(word))
}

/** Returns the text that a filter searches, in lower case. */
function searchText(finding: ShownFinding, mark: Mark | undefined): string {
  const { severity, rule, attribution, places, verification, accepted, fingerprint, facts } =
    finding
  const decision = accepted === undefined ? (mark ?? 'undecided') : 'accepted'
  const paths = places.map(({ path, member }) => `${path ?? ''} ${member ?? ''}`)
  return [
    severity,
    rule.id,
    rule.description,
    credentialOf(finding),
    attribution?.exposure ?? 'files',
    attribution?.inHead === true ? 'head' : '',
    verification.status,
    decision,
    fingerprint,
    ...Object.values(facts),
    ...paths,
  ]
    .join(' ')
    .toLowerCase()
}
