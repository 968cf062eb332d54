/** One finding in the text report: what and where it is, how far it has spread, what to do next. */
import type { Finding, Introduction } from '../../model/model.ts'
import type { Severity } from '../../model/rule.ts'
import { adviceFor } from '../next-steps/next-steps.ts'
import { exposureText } from '../wording/finding.ts'
import { atLeast, groupPlaces, withIntroducedPath } from '../wording/places.ts'
import { verificationLines } from '../wording/verification.ts'
import type { Style } from './colour.ts'
import { escapeForTerminal } from './escape.ts'
import { cutMiddle } from './fit.ts'
import {
  fittedPlaceText,
  row,
  shortId,
  type TextLayout,
  textWidth,
  unwrappedRow,
} from './layout.ts'
import { formatCount, spaceCamelCase } from './units.ts'

const severityStyles: Readonly<Record<Severity, Style>> = {
  critical: 'red',
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
}

/** Width of `CRITICAL` and two spaces. */
const SEVERITY_COLUMNS = 10

/** Columns reserved for the role after a place: ` secret` and a margin. */
const ROLE_COLUMNS = 8

const MIN_TITLE_COLUMNS = 10

/** Maximum number of refs listed unless the report is verbose. */
const MAX_REFS = 3

/** Maximum number of steps listed unless the report is verbose: those that stop the leak. */
const MAX_STEPS = 4

/** The lines of one finding. */
export function findingLines(finding: Finding, layout: TextLayout): readonly string[] {
  const { paint, options } = layout
  const plainLayout: TextLayout = { ...layout, paint: (_style, text) => text }
  return [
    heading(finding, layout),
    ...finding.parts.map((part) => unwrappedRow(part.role, layout.shown(part), layout)),
    ...(finding.otherIds ?? []).map((part) => unwrappedRow('or id', layout.shown(part), layout)),
    ...placeRows(finding, layout),
    ...introductionRows(finding, layout),
    ...fileStateRows(finding, layout),
    ...row('exposure', exposureText(finding), layout),
    ...verificationRows(finding, layout),
    ...refRows(finding, layout),
    ...Object.entries(finding.facts).flatMap(([name, value], index) =>
      row(index === 0 ? 'facts' : '', `${spaceCamelCase(name)}: ${value}`, layout),
    ),
    paint('dim', unwrappedRow('fingerprint', finding.fingerprint, plainLayout)),
    ...(finding.lapsed === undefined ? [] : row('lapsed', finding.lapsed, layout)),
    ...(options.verbose === true
      ? finding.explanation.flatMap((line, index) =>
          row(index === 0 ? 'explanation' : '', line, layout),
        )
      : []),
    ...stepRows(finding, layout),
  ]
}

function heading({ severity, rule }: Finding, { paint, columns }: TextLayout): string {
  const word = severity.toUpperCase().padEnd(SEVERITY_COLUMNS)
  const id = ` (${escapeForTerminal(rule.id)})`
  const title = cutMiddle(
    escapeForTerminal(rule.description),
    Math.max(columns - word.length - id.length, MIN_TITLE_COLUMNS),
  )
  return (
    paint(severityStyles[severity], paint('bold', word)) + paint('bold', title) + paint('dim', id)
  )
}

function placeRows(finding: Finding, layout: TextLayout): readonly string[] {
  const groups = groupPlaces(finding.places)
  const width = textWidth(layout)
  if (layout.options.allOrigins === true) {
    return groups.flat().flatMap((place, index) => {
      const text = `${fittedPlaceText(place, width - ROLE_COLUMNS)} ${place.role}`
      return unwrappedRow(index === 0 ? 'where' : '', text, layout)
    })
  }
  const [first, last] = [groups.at(0), groups.at(-1)].map(
    (group) => group?.find(({ role }) => role === finding.parts[0]?.role) ?? group?.[0],
  )
  if (first === undefined || last === undefined) return []
  const named = withIntroducedPath(first, finding.attribution?.first)
  const where = unwrappedRow('where', fittedPlaceText(named, width), layout)
  if (groups.length === 1) return [where]
  const count = `in ${atLeast(finding)}${formatCount(groups.length)} places, last `
  return [where, unwrappedRow('', count + fittedPlaceText(last, width - count.length), layout)]
}

function introductionRows({ attribution }: Finding, layout: TextLayout): readonly string[] {
  const { first, last } = attribution ?? { first: null, last: null }
  if (first === null || last === null) return []
  const removal =
    attribution?.removed === undefined
      ? []
      : [introductionRow('removed', attribution.removed, layout)]
  if (first.commit === last.commit) return [introductionRow('commit', first, layout), ...removal]
  return [
    introductionRow('first', first, layout),
    introductionRow('last', last, layout),
    ...removal,
  ]
}

function introductionRow(
  label: string,
  { commit, date, author }: Introduction,
  layout: TextLayout,
): string {
  const prefix = `${shortId(commit)} ${escapeForTerminal(date.slice(0, 10))} `
  const name = cutMiddle(escapeForTerminal(author), textWidth(layout) - prefix.length)
  return unwrappedRow(label, prefix + name, layout)
}

function verificationRows({ verification }: Finding, layout: TextLayout): readonly string[] {
  return verificationLines(verification).flatMap((line, index) =>
    row(index === 0 ? 'verified' : '', line, layout),
  )
}

/** The first steps; all steps if the credential is live, the report verbose, or one would remain. */
function stepRows(finding: Finding, layout: TextLayout): readonly string[] {
  const steps = adviceFor(finding, layout.shown)
  const listsAll =
    layout.options.verbose === true ||
    finding.verification.status === 'live' ||
    steps.length === MAX_STEPS + 1
  const listed = listsAll ? steps : steps.slice(0, MAX_STEPS)
  const more = steps.length - listed.length
  const rows = listed.flatMap((step, index) =>
    row(index === 0 ? 'next steps' : '', `${index + 1}. ${step}`, layout),
  )
  return more === 0
    ? rows
    : [
        ...rows,
        unwrappedRow('', `and ${formatCount(more)} more steps (--verbose lists them)`, layout),
      ]
}

/** The state of the file in git, where it was determined: for env files and git's own config. */
function fileStateRows({ places: [{ origin }] }: Finding, layout: TextLayout): readonly string[] {
  return origin.state === undefined ? [] : row('file', fileStateTexts[origin.state], layout)
}

const fileStateTexts = {
  tracked: 'tracked by git.',
  staged: 'staged: the next commit will include it.',
  untracked: 'untracked and not ignored: the next `git add .` will stage it.',
  ignored: 'ignored by git.',
  template: 'a template, meant to be committed.',
  local: "git's own configuration, never committed.",
} as const

function refRows({ attribution }: Finding, layout: TextLayout): readonly string[] {
  const refs = attribution?.refs ?? []
  const listed = layout.options.verbose === true ? refs : refs.slice(0, MAX_REFS)
  const more = refs.length - listed.length
  const rows = listed.flatMap((ref, index) => row(index === 0 ? 'refs' : '', ref, layout))
  return more === 0 ? rows : [...rows, unwrappedRow('', `and ${formatCount(more)} more`, layout)]
}
