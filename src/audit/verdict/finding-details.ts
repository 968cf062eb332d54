/** Details of one finding as lines of text, for the screen, a pipe and a screen reader. */
import { atLeast } from '../../report/wording/places.ts'
import type { Exposure } from '../../model/model.ts'
import type { Paint, Style } from '../../report/terminal/colour.ts'
import { cutMiddle, wrap } from '../../report/terminal/fit.ts'
import { formatCount } from '../../report/terminal/units.ts'
import type { Severity } from '../../model/rule.ts'
import type {
  Mark,
  ShownChange,
  ShownContext,
  ShownFinding,
  ShownIntroduction,
  ShownLife,
} from '../../model/shown.ts'
import { contextLines } from './context-lines.ts'
import { placeName } from './document.ts'

/** Further facts about a finding; absent ones were not requested or are not read yet. */
export interface DetailExtras {
  readonly life?: ShownLife | undefined
  readonly contexts: ReadonlyMap<number, ShownContext>
  readonly mark?: Mark | undefined
  /** Index of the place with the cursor. */
  readonly currentPlace?: number
  /** Text shown in place of a life that is still being read. */
  readonly waitingText?: string
}

/** Width and style of the page. */
export interface DetailsPage {
  readonly columns: number
  readonly paint: Paint
  /** Breaks words that are longer than a line, such as commands; otherwise they stay whole. */
  readonly breaksLongWords?: true
}

/** Line of the page. `place` is set on the first line of a place. */
export interface DetailsLine {
  readonly text: string
  readonly place?: number
}

const LABEL_COLUMNS = 13

/** Returns the lines of the details page. */
export function findingDetailLines(
  finding: ShownFinding,
  extras: DetailExtras,
  page: DetailsPage,
): readonly DetailsLine[] {
  return [
    ...textLines(factLines(finding, extras, page)),
    ...textLines(lifeLines(finding, extras, page)),
    ...placeLines(finding, extras, page),
    ...textLines(
      sectionLines(
        'What to do',
        finding.advice.map((line, at) => `${at + 1}. ${line}`),
        page,
      ),
    ),
    ...textLines(sectionLines('Why it was found', finding.explanation, page)),
  ]
}

export const severityStyles: Readonly<Record<Severity, Style>> = {
  critical: 'red',
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
}

function textLines(lines: readonly string[]): readonly DetailsLine[] {
  return lines.map((text) => ({ text }))
}

/** Exposure as a symbol and a word, so that colour is not the only signal. */
export const exposureWords: Readonly<Record<Exposure, string>> = {
  published: '● published',
  pending: '◐ pending',
  local: '○ local',
}

export const exposureStyles: Readonly<Record<Exposure, Style>> = {
  published: 'red',
  pending: 'yellow',
  local: 'cyan',
}

function factLines(
  finding: ShownFinding,
  { mark }: DetailExtras,
  page: DetailsPage,
): readonly string[] {
  const { paint } = page
  const { parts, facts, attribution, verification, lapsed, accepted, fingerprint } = finding
  return [
    titleLine(finding, paint),
    ...parts.flatMap(({ role, redacted }) => labelledLines(role, redacted, page)),
    ...labelledLines('exposure', exposureText(finding), page),
    ...(attribution?.first
      ? labelledLines('first', introductionText(attribution.first), page)
      : []),
    ...(attribution?.last && attribution.last.commit !== attribution.first?.commit
      ? labelledLines('last', introductionText(attribution.last), page)
      : []),
    ...(attribution && attribution.refs.length > 0
      ? labelledLines('refs', refsText(attribution.refs), page)
      : []),
    ...Object.entries(facts).flatMap(([name, value]) =>
      labelledLines(
        name.replaceAll(/(?<=[a-z])[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`),
        value,
        page,
      ),
    ),
    ...labelledLines(
      'verified',
      verification.status === 'not-tried'
        ? 'not tried'
        : `${verification.status}${verification.reason === undefined ? '' : `: ${verification.reason}`}`,
      page,
    ),
    ...(verification.identity
      ? labelledLines('', `${verification.identity.kind} ${verification.identity.arn}`, page)
      : []),
    ...(lapsed === undefined ? [] : labelledLines('lapsed', lapsed, page)),
    ...labelledLines(
      'decision',
      accepted
        ? `accepted: ${accepted.reason}${accepted.expires === undefined ? '' : `, until ${accepted.expires}`}`
        : mark
          ? `marked to ${mark}`
          : 'none yet',
      page,
    ),
    ...labelledLines('fingerprint', fingerprint, page),
    '',
  ]
}

function titleLine({ rule, severity }: ShownFinding, paint: Paint): string {
  const severityWord = paint(severityStyles[severity], paint('bold', severity.toUpperCase()))
  const ruleId = paint('dim', `(${rule.id})`)
  return `${severityWord}  ${paint('bold', rule.description)} ${ruleId}`
}

function exposureText({ attribution, places: [place] }: ShownFinding): string {
  if (attribution === undefined) {
    if (place === undefined) return 'known when the scan is done'
    const state = place.state === undefined ? '' : ` (${place.state})`
    return `${exposureWords.local}: in a file and in no commit${state}`
  }
  const head = attribution.inHead ? 'It is in HEAD.' : 'It is not in HEAD.'
  const meaning = {
    published: 'a remote has or had it: assume it is known, and rotate it.',
    pending: 'the next push would publish it.',
    local: 'only in this clone: a push does not publish it, a copy of the folder does.',
  } as const
  return `${exposureWords[attribution.exposure]}: ${meaning[attribution.exposure]} ${head}`
}

function introductionText({ commit, date, author, path }: ShownIntroduction): string {
  return `${commit.slice(0, 8)} ${date.slice(0, 10)} ${author}${path === undefined ? '' : `, ${path}`}`
}

function refsText(refs: readonly string[]): string {
  const [shownRefs, more] = [refs.slice(0, 12), refs.length - 12]
  return `${shownRefs.join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}`
}

function lifeLines(
  { attribution }: ShownFinding,
  { life, waitingText: waiting }: DetailExtras,
  page: DetailsPage,
): readonly string[] {
  if (attribution === undefined || (life === undefined && waiting === undefined)) return []
  const { paint, columns } = page
  if (life === undefined) return [paint('bold', 'Life'), `  ${waiting ?? ''}`, '']
  const none =
    life.changes.length === 0 && life.note === undefined
      ? ['  no commit has added it: it was only staged, or is in an object without a commit']
      : []
  return [
    paint('bold', 'Life'),
    ...none,
    ...life.changes.map((change) => changeLine(change, paint, columns)),
    ...(life.note === undefined ? [] : [`  ${life.note}`]),
    '',
  ]
}

const changeSigns: Readonly<Record<ShownChange['what'], readonly [string, Style]>> = {
  entered: ['┌ entered', 'red'],
  changed: ['│ changed', 'yellow'],
  left: ['└ left   ', 'green'],
}

function changeLine(
  { what, commit, date, author, subject, path }: ShownChange,
  paint: Paint,
  columns: number,
): string {
  const [sign, style] = changeSigns[what]
  const day = `  ${date.slice(0, 10)}  `
  const place = `  ${commit.slice(0, 8)}  ${path}`
  const room = columns - day.length - sign.length
  const left = room - place.length - 2
  const message = left > 12 ? paint('dim', `  ${cutMiddle(`${author}: ${subject}`, left)}`) : ''
  return `${day}${paint(style, sign)}${cutMiddle(place, Math.max(20, room))}${message}`
}

function placeLines(
  finding: ShownFinding,
  extras: DetailExtras,
  page: DetailsPage,
): readonly DetailsLine[] {
  const { places, count, attribution } = finding
  if (places.length === 0) return []
  const { paint, columns } = page
  const lines = places.flatMap((place, index): readonly DetailsLine[] => {
    const isCurrent = index === extras.currentPlace
    const commit =
      place.kind === 'commit' && place.commit !== undefined ? ` in ${place.commit.slice(0, 8)}` : ''
    const state = place.state === undefined ? '' : `, ${place.state}`
    const onDisk = place.kind === 'file' ? ` (on disk${state})` : ''
    const name = cutMiddle(placeName(place, attribution?.first?.path), Math.max(20, columns - 20))
    const position = `${isCurrent ? '▸' : ' '} ${String(index + 1).padStart(3)}`
    const head = `${position}  ${name}${commit}${onDisk}`
    return [
      { text: isCurrent ? paint('bold', head) : head, place: index },
      ...contextLines(extras.contexts.get(index), page).map((text) => ({ text })),
    ]
  })
  const more = count - places.length
  return [
    { text: paint('bold', `Places (${atLeast(finding)}${formatCount(count)})`) },
    ...lines,
    ...(more > 0
      ? [{ text: `       and ${formatCount(more)} more: oakum history --all-origins lists them` }]
      : []),
    { text: '' },
  ]
}

function sectionLines(
  title: string,
  lines: readonly string[],
  { paint, columns, breaksLongWords }: DetailsPage,
): readonly string[] {
  if (lines.length === 0) return []
  const parts = lines.flatMap((line) =>
    wrap(line, columns - 4).map((part, at) => `  ${at === 0 ? '' : '  '}${part}`),
  )
  return [
    paint('bold', title),
    ...(breaksLongWords ? parts.flatMap((part) => splitByWidth(part, columns - 1)) : parts),
    '',
  ]
}

/** Splits a text into lines of a number of characters, also within words. */
function splitByWidth(text: string, width: number): readonly string[] {
  const characters = Array.from(text)
  return Array.from({ length: Math.max(1, Math.ceil(characters.length / width)) }, (_, at) =>
    characters.slice(at * width, (at + 1) * width).join(''),
  )
}

function labelledLines(
  label: string,
  text: string,
  { columns, paint }: DetailsPage,
): readonly string[] {
  return wrap(text, columns - LABEL_COLUMNS - 2).map(
    (line, at) => `  ${paint('dim', (at === 0 ? label : '').padEnd(LABEL_COLUMNS))}${line}`,
  )
}
