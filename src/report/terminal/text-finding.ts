import { adviceFor } from '../next-steps/advice.ts'
import type { Finding, Introduction } from '../../model/model.ts'
import type { Severity } from '../../model/rule.ts'
import type { Style } from './colour.ts'
import { escapeForTerminal } from './escape.ts'
import { exposureOf } from '../wording/exposure.ts'
import { cutMiddle } from './fit.ts'
import { roomOf, row, shortId, wholeRow, whereOf, type Page } from './page.ts'
import { groupPlaces, namedBy } from '../wording/places.ts'
import { formatCount, wordsOf } from './units.ts'
import { verificationLines } from '../wording/verification.ts'

const styles: Readonly<Record<Severity, Style>> = {
  critical: 'red',
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
}

/** Refs listed unless the report is verbose: one tells how far it got, three where to look. */
const maxRefs = 3

/** Steps listed at first: what stops the leak. */
const maxSteps = 4

/** One finding for people: what it is, where, how far it got, what to do. */
export function findingLines(finding: Finding, page: Page): readonly string[] {
  const { paint, options } = page
  return [
    headingOf(finding, page),
    ...finding.parts.map((part) => wholeRow(part.role, page.shown(part), page)),
    ...placeRows(finding, page),
    ...introductionRows(finding, page),
    ...stateRows(finding, page),
    ...row('exposure', exposureOf(finding), page),
    ...verificationRows(finding, page),
    ...refRows(finding, page),
    ...Object.entries(finding.facts).flatMap(([name, value], index) =>
      row(index === 0 ? 'facts' : '', `${wordsOf(name)}: ${value}`, page),
    ),
    paint(
      'dim',
      wholeRow('fingerprint', finding.fingerprint, { ...page, paint: (_style, text) => text }),
    ),
    ...(finding.lapsed === undefined ? [] : row('lapsed', finding.lapsed, page)),
    ...(options.verbose === true
      ? finding.explanation.flatMap((line, index) => row(index === 0 ? 'because' : '', line, page))
      : []),
    ...stepRows(finding, page),
  ]
}

function headingOf({ severity, rule }: Finding, { paint, columns }: Page): string {
  const word = severity.toUpperCase().padEnd(labelWidth)
  const id = ` (${escapeForTerminal(rule.id)})`
  const title = cutMiddle(
    escapeForTerminal(rule.description),
    Math.max(columns - word.length - id.length, 10),
  )
  return paint(styles[severity], paint('bold', word)) + paint('bold', title) + paint('dim', id)
}

/** `CRITICAL` and two spaces. */
const labelWidth = 10

function placeRows(finding: Finding, page: Page): readonly string[] {
  const groups = groupPlaces(finding.places)
  const room = roomOf(page)
  if (page.options.allOrigins === true) {
    return groups
      .flat()
      .flatMap((place, index) =>
        wholeRow(index === 0 ? 'where' : '', `${whereOf(place, room - 8)} ${place.role}`, page),
      )
  }
  const [first, last] = [groups.at(0), groups.at(-1)].map(
    (group) => group?.find((place) => place.role === finding.parts[0]?.role) ?? group?.[0],
  )
  if (first === undefined || last === undefined) return []
  const where = wholeRow('where', whereOf(namedBy(first, finding.attribution?.first), room), page)
  if (groups.length === 1) return [where]
  const count = `in ${formatCount(groups.length)} places, last `
  return [where, wholeRow('', count + whereOf(last, room - count.length), page)]
}

function introductionRows({ attribution }: Finding, page: Page): readonly string[] {
  const { first, last } = attribution ?? { first: null, last: null }
  if (first === null || last === null) return []
  const left =
    attribution?.removed === undefined
      ? []
      : [introductionRow('removed', attribution.removed, page)]
  if (first.commit === last.commit) return [introductionRow('commit', first, page), ...left]
  return [introductionRow('first', first, page), introductionRow('last', last, page), ...left]
}

function introductionRow(
  label: string,
  { commit, date, author }: Introduction,
  page: Page,
): string {
  const when = `${shortId(commit)} ${escapeForTerminal(date.slice(0, 10))} `
  return wholeRow(
    label,
    when + cutMiddle(escapeForTerminal(author), roomOf(page) - when.length),
    page,
  )
}

function verificationRows({ verification }: Finding, page: Page): readonly string[] {
  return verificationLines(verification).flatMap((line, index) =>
    row(index === 0 ? 'verified' : '', line, page),
  )
}

/** The first steps; all of them for what is known to be live, and where the report is verbose. */
function stepRows(finding: Finding, page: Page): readonly string[] {
  const steps = adviceFor(finding, page.shown)
  const isWhole =
    page.options.verbose === true ||
    finding.verification.status === 'live' ||
    steps.length === maxSteps + 1
  const listed = isWhole ? steps : steps.slice(0, maxSteps)
  const more = steps.length - listed.length
  const rows = listed.flatMap((step, index) =>
    row(index === 0 ? 'what next' : '', `${index + 1}. ${step}`, page),
  )
  return more === 0
    ? rows
    : [...rows, wholeRow('', `and ${formatCount(more)} more steps (--verbose lists them)`, page)]
}

/** What git does with the file, where that matters; nothing for other files. */
function stateRows({ places: [{ origin }] }: Finding, page: Page): readonly string[] {
  return origin.state === undefined ? [] : row('file', fileStates[origin.state], page)
}

const fileStates = {
  tracked: 'tracked by git.',
  staged: 'staged: the next commit takes it.',
  untracked: 'neither tracked nor ignored: the next `git add .` takes it.',
  ignored: 'ignored by git.',
  template: 'a template, which is there to be committed.',
  local: "git's own configuration: no commit takes it.",
} as const

function refRows({ attribution }: Finding, page: Page): readonly string[] {
  const refs = attribution?.refs ?? []
  const listed = page.options.verbose === true ? refs : refs.slice(0, maxRefs)
  const more = refs.length - listed.length
  const rows = listed.flatMap((ref, index) => row(index === 0 ? 'refs' : '', ref, page))
  return more === 0 ? rows : [...rows, wholeRow('', `and ${formatCount(more)} more`, page)]
}
