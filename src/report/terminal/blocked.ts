/**
 * The message that a hook prints when it blocks a commit or a push: which secrets it found, where,
 * and how to proceed. At most 80 columns wide, and short enough to read whole.
 */
import type { Finding, Place, Skip } from '../../model/model.ts'
import type { ScanResult } from '../../model/outcome.ts'
import { compareSeverity, type Severity } from '../../model/rule.ts'
import { type BlockedEvent, solutionsFor } from '../next-steps/unblock.ts'
import { limitedArchivesText } from '../wording/coverage.ts'
import { scrubResult } from '../wording/scrub.ts'
import { painter, type Paint } from './colour.ts'
import { escapeForTerminal } from './escape.ts'
import { cutMiddle, widthOf, wrap } from './fit.ts'
import { fittedPlaceText } from './layout.ts'
import { countOf, formatCount } from './units.ts'

export interface BlockedOptions {
  readonly event: BlockedEvent
  /** Findings of at least this severity block the event. */
  readonly failOn: Severity
  readonly colour: boolean
  readonly columns: number
}

/** Maximum number of findings shown with their line of code and their solutions. */
const MAX_DETAILED = 2

/** Maximum number of further findings, with one line each. */
const MAX_LISTED = 12

/** Maximum number of unreadable files listed. */
const MAX_SKIPS = 5

/** Maximum columns of the source line shown before the secret. */
const MAX_COLUMNS_BEFORE = 40

const MIN_COLUMNS = 40
const MAX_COLUMNS = 80

const eventNames: Readonly<Record<BlockedEvent, string>> = {
  commit: 'this commit',
  message: 'this commit',
  push: 'this push',
  receive: 'this push',
}

/** Commands that list all findings of an event. */
const listCommands: Readonly<Record<BlockedEvent, string>> = {
  commit: 'oakum staged',
  message: 'oakum stdin < the message',
  push: 'oakum history',
  receive: 'oakum history',
}

const bypassNotes: Readonly<Record<BlockedEvent, string>> = {
  commit:
    '`git commit --no-verify` bypasses this check; the secret is then in history and must be rotated.',
  message:
    '`git commit --no-verify` bypasses this check; the secret is then in history and must be rotated.',
  push: '`git push --no-verify` bypasses this check; others then have the secret and it must be rotated.',
  receive: 'The push was rejected; nothing changed on the server.',
}

interface BlockedLayout {
  readonly paint: Paint
  readonly columns: number
}

/** Writes the message, or an empty text if the scan blocks nothing and has nothing to report. */
export function blockedText(result: ScanResult, options: BlockedOptions): string {
  const { findings, suppressed, receipt } = scrubResult(result)
  const { event, failOn } = options
  const layout: BlockedLayout = {
    paint: painter(options.colour),
    columns: Math.max(MIN_COLUMNS, Math.min(options.columns, MAX_COLUMNS)),
  }
  const blocking = findings.filter(({ severity }) => compareSeverity(severity, failOn) >= 0)
  const failed = receipt.skipped.filter(({ outcome }) => outcome === 'failed')
  const limited = limitedArchivesText(receipt)
  const minor = findings.length - blocking.length
  const lines = [
    ...(blocking.length > 0 ? blockedLines(blocking, event, layout) : []),
    ...(blocking.length === 0 && !receipt.complete ? incompleteLines(failed, event, layout) : []),
    ...(minor > 0
      ? [
          `oakum: ${countOf(minor, 'finding')} below ${failOn}; run ${listCommands[event]} to list all.`,
        ]
      : []),
    ...unchangedLines(suppressed),
    ...(limited === undefined
      ? []
      : [`oakum: ${limited}; run ${listCommands[event]} for details.`]),
  ]
  return lines.map((line) => `${line.trimEnd()}\n`).join('')
}

/** A note on secrets that the committed files already contained before this change. */
function unchangedLines(suppressed: ScanResult['suppressed']): readonly string[] {
  const count = new Set(
    suppressed
      .filter(({ suppression }) => suppression.by === 'unchanged')
      .map(({ rule, redacted }) => `${rule} ${redacted}`),
  ).size
  if (count === 0) return []
  const verb = count === 1 ? 'is' : 'are'
  return [
    `oakum: ${countOf(count, 'secret')} in these files ${verb} already in history; ` +
      'run oakum history for details.',
  ]
}

function blockedLines(
  findings: readonly Finding[],
  event: BlockedEvent,
  layout: BlockedLayout,
): readonly string[] {
  const detailed = findings.slice(0, MAX_DETAILED)
  const listed = findings.slice(MAX_DETAILED, MAX_DETAILED + MAX_LISTED)
  const count = countOf(findings.length, 'secret')
  return [
    headline(`oakum stopped ${eventNames[event]}: it would add ${count}.`, layout),
    '',
    ...detailed.flatMap((finding) => [...findingLines(finding, event, layout), '']),
    ...otherFindingLines(listed, findings.length - detailed.length, event, layout),
    ...wrap(bypassNotes[event], layout.columns),
  ]
}

function headline(text: string, { paint }: BlockedLayout): string {
  return paint('bold', paint('red', text))
}

/** The findings after the detailed ones, one per line. `total` counts those not listed as well. */
function otherFindingLines(
  listed: readonly Finding[],
  total: number,
  event: BlockedEvent,
  layout: BlockedLayout,
): readonly string[] {
  if (listed.length === 0) return []
  const more = total - listed.length
  return [
    'Also:',
    ...listed.map(
      (finding) =>
        `  ${findingTitle(finding, layout)}, ${fittedPlaceText(secretPlace(finding), layout.columns - 40)}`,
    ),
    ...(more > 0
      ? [`  and ${formatCount(more)} more; run ${listCommands[event]} to list all.`]
      : []),
    '',
  ]
}

function findingLines(
  finding: Finding,
  event: BlockedEvent,
  layout: BlockedLayout,
): readonly string[] {
  const { paint, columns } = layout
  const place = secretPlace(finding)
  const indented = (text: string): readonly string[] =>
    wrap(text, columns - 2).map((line) => `  ${line}`)
  return [
    paint('bold', `${finding.severity.toUpperCase()}  ${findingTitle(finding, layout)}`),
    `  ${fittedPlaceText(place, columns - 2)}`,
    ...codeLines(place, layout),
    ...indented(riskText(finding)),
    ...solutionsFor(finding, place, event).flatMap(({ text, lines }) => [
      '',
      ...indented(text),
      ...lines.map((line) => `    ${paint('cyan', escapeForTerminal(line))}`),
    ]),
  ]
}

function findingTitle({ rule, parts }: Finding, { columns }: BlockedLayout): string {
  const values = parts.map(({ redacted }) => redacted).join(' + ')
  return cutMiddle(escapeForTerminal(`${rule.description} ${values}`), columns - 12)
}

/** The place of the secret itself rather than of its id. */
function secretPlace({ places }: Finding): Place {
  return places.find(({ role }) => role === 'secret') ?? places[0]
}

/**
 * The line of code, with the secret redacted and underlined:
 * ```
 *     3 | aws_secret_access_key = wJal…KEY
 *       |                         ^^^^^^^^
 * ```
 */
function codeLines({ excerpt, span }: Place, { paint, columns }: BlockedLayout): readonly string[] {
  if (excerpt === undefined) return []
  const number = String(span.line)
  const width = columns - number.length - 7
  const secretWidth = widthOf(excerpt.redacted)
  const before = cutStart(
    withoutTabs(excerpt.before).trimStart(),
    Math.min(MAX_COLUMNS_BEFORE, width - secretWidth),
  )
  const behind = cutEnd(withoutTabs(excerpt.behind), width - widthOf(before) - secretWidth)
  const code = `${before}${escapeForTerminal(excerpt.redacted)}${behind}`
  const marker = ' '.repeat(widthOf(before)) + paint('red', '^'.repeat(secretWidth))
  return [
    `    ${paint('dim', `${number} |`)} ${code}`,
    `    ${paint('dim', `${' '.repeat(number.length)} |`)} ${marker}`,
  ]
}

function withoutTabs(text: string): string {
  return escapeForTerminal(text.replaceAll('\t', ' '))
}

/** Cuts the start of a text that is too wide, and marks the cut with `…`. */
function cutStart(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  const characters = Array.from(text)
  while (characters.length > 0 && widthOf(characters.join('')) > width - 1)
    characters.splice(0, Math.max(1, Math.ceil((characters.length - width) / 2)))
  return `…${characters.join('')}`
}

/** Cuts the end of a text that is too wide, to half as many characters, as each may be two wide. */
function cutEnd(text: string, width: number): string {
  if (width <= 1 || widthOf(text) <= width) return text.slice(0, Math.max(width, 0))
  return `${Array.from(text)
    .slice(0, Math.floor((width - 1) / 2))
    .join('')}…`
}

function riskText({ rule, severity }: Finding): string {
  if (rule.provider.toLowerCase() === 'aws')
    return 'Anyone who reads it can use your AWS account, and git never forgets it.'
  if (rule.family.includes('private-key'))
    return 'Anyone who reads it can impersonate its owner, and git never forgets it.'
  if (severity === 'critical')
    return 'Everyone who uses what is built from this code can read it, and git never forgets it.'
  return 'Anyone who can read the repository can use it, and git never forgets it.'
}

function incompleteLines(
  failed: readonly Skip[],
  event: BlockedEvent,
  layout: BlockedLayout,
): readonly string[] {
  const listed = failed.slice(0, MAX_SKIPS).map(({ path, object, reason, detail }) => {
    const name = path === undefined ? (object?.slice(0, 12) ?? 'the repository') : path.text
    return `  ${cutMiddle(escapeForTerminal(`${name}: ${detail ?? reason}`), layout.columns - 2)}`
  })
  return [
    headline(`oakum stopped ${eventNames[event]}: not everything in it could be read.`, layout),
    ...listed,
    ...(failed.length > MAX_SKIPS ? [`  and ${failed.length - MAX_SKIPS} more`] : []),
  ]
}
