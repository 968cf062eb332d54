/**
 * What a developer reads whose commit or push was stopped: what, where, why, and the way out. At
 * most 80 columns, and no wall of text.
 */
import type { Finding, Place, Skip } from '../../model/model.ts'
import type { ScanResult } from '../../model/outcome.ts'
import { compareSeverity, type Severity } from '../../model/rule.ts'
import { type Stopped, waysOut } from '../next-steps/unblock.ts'
import { painter, type Paint } from './colour.ts'
import { escapeForTerminal } from './escape.ts'
import { cutMiddle, widthOf, wrap } from './fit.ts'
import { whereOf } from './page.ts'
import { scrubResult } from '../wording/scrub.ts'
import { countOf } from './units.ts'

export interface BlockedOptions {
  readonly stopped: Stopped
  readonly failOn: Severity
  readonly colour: boolean
  readonly columns: number
}

/** Findings with all there is to say; the others have a line each. */
const MAX_TOLD = 2
const MAX_LISTED = 12
const MAX_SKIPS = 5

/** A line of code is shown with so much before the secret at the most. */
const BEFORE = 40

const events: Readonly<Record<Stopped, string>> = {
  commit: 'this commit',
  message: 'this commit',
  push: 'this push',
  receive: 'this push',
}

/** The message. Empty where nothing stops and nothing is to be said. */
export function blockedText(result: ScanResult, options: BlockedOptions): string {
  const { findings, suppressed, receipt } = scrubResult(result)
  const paint = painter(options.colour)
  const columns = Math.max(40, Math.min(options.columns, 80))
  const stopping = findings.filter(({ severity }) => compareSeverity(severity, options.failOn) >= 0)
  const failed = receipt.skipped.filter(({ outcome }) => outcome === 'failed')
  const old = new Set(
    suppressed
      .filter(({ suppression }) => suppression.by === 'unchanged')
      .map(({ rule, redacted }) => `${rule} ${redacted}`),
  ).size
  const lines = [
    ...(stopping.length > 0 ? stoppedLines(stopping, options, { paint, columns }) : []),
    ...(stopping.length === 0 && !receipt.complete
      ? incompleteLines(failed, options, { paint, columns })
      : []),
    ...(findings.length > stopping.length
      ? [
          `oakum: ${countOf(findings.length - stopping.length, 'finding')} below ${options.failOn}; ${again[options.stopped]} lists all.`,
        ]
      : []),
    ...(old > 0
      ? [
          `oakum: ${countOf(old, 'secret')} in these files ${old === 1 ? 'is' : 'are'} already in history; oakum history tells how far.`,
        ]
      : []),
  ]
  return lines.map((line) => `${line.trimEnd()}\n`).join('')
}

/** What lists everything that was found. */
const again: Readonly<Record<Stopped, string>> = {
  commit: 'oakum staged',
  message: 'oakum stdin < the message',
  push: 'oakum history',
  receive: 'oakum history',
}

interface Page {
  readonly paint: Paint
  readonly columns: number
}

function stoppedLines(
  findings: readonly Finding[],
  options: BlockedOptions,
  page: Page,
): readonly string[] {
  const told = findings.slice(0, MAX_TOLD)
  const listed = findings.slice(MAX_TOLD, MAX_TOLD + MAX_LISTED)
  const more = findings.length - told.length - listed.length
  return [
    page.paint(
      'bold',
      page.paint(
        'red',
        `oakum stopped ${events[options.stopped]}: it would add ${countOf(findings.length, 'secret')}.`,
      ),
    ),
    '',
    ...told.flatMap((finding) => [...findingLines(finding, options, page), '']),
    ...(listed.length > 0
      ? [
          'And:',
          ...listed.map(
            (finding) => `  ${titleOf(finding, page)}, ${placeName(finding, page.columns - 40)}`,
          ),
          ...(more > 0 ? [`  and ${more} more; ${again[options.stopped]} lists all.`] : []),
          '',
        ]
      : []),
    ...bypassLines(options.stopped, page),
  ]
}

function findingLines(
  finding: Finding,
  { stopped }: BlockedOptions,
  page: Page,
): readonly string[] {
  const place = mainPlace(finding)
  return [
    page.paint('bold', `${finding.severity.toUpperCase()}  ${titleOf(finding, page)}`),
    `  ${placeName(finding, page.columns - 2)}`,
    ...codeLines(place, page),
    ...wrap(reasonOf(finding), page.columns - 2).map((line) => `  ${line}`),
    ...waysOut(finding, place, stopped).flatMap(({ say, lines }) => [
      '',
      ...wrap(say, page.columns - 2).map((line) => `  ${line}`),
      ...lines.map((line) => `    ${page.paint('cyan', escapeForTerminal(line))}`),
    ]),
  ]
}

function titleOf({ rule, parts }: Finding, { columns }: Page): string {
  const values = parts.map(({ redacted }) => redacted).join(' + ')
  return cutMiddle(escapeForTerminal(`${rule.description} ${values}`), columns - 12)
}

/** Where the secret itself stands, rather than its id. */
function mainPlace({ places }: Finding): Place {
  return places.find(({ role }) => role === 'secret') ?? places[0]
}

function placeName(finding: Finding, width: number): string {
  return whereOf(mainPlace(finding), width)
}

/**
 * ```
 *     3 | aws_secret_access_key = wJal…KEY
 *       |                         ^^^^^^^^
 * ```
 */
function codeLines({ excerpt, span }: Place, { paint, columns }: Page): readonly string[] {
  if (excerpt === undefined) return []
  const number = String(span.line)
  const room = columns - number.length - 7
  const [written, behind] = [excerpt.before, excerpt.behind].map((text) =>
    escapeForTerminal(text.replaceAll('\t', ' ')),
  )
  const before = endOf(
    (written ?? '').trimStart(),
    Math.min(BEFORE, room - widthOf(excerpt.redacted)),
  )
  const left = room - widthOf(before) - widthOf(excerpt.redacted)
  const after =
    left > 1 && widthOf(behind ?? '') > left
      ? `${Array.from(behind ?? '')
          .slice(0, Math.floor((left - 1) / 2))
          .join('')}…`
      : (behind ?? '').slice(0, Math.max(left, 0))
  return [
    `    ${paint('dim', `${number} |`)} ${before}${escapeForTerminal(excerpt.redacted)}${after}`,
    `    ${paint('dim', `${' '.repeat(number.length)} |`)} ${' '.repeat(widthOf(before))}${paint('red', '^'.repeat(widthOf(excerpt.redacted)))}`,
  ]
}

/** The end of a text that is too wide, behind `…`. */
function endOf(text: string, width: number): string {
  const characters = Array.from(text)
  if (widthOf(text) <= width) return text
  while (characters.length > 0 && widthOf(characters.join('')) > width - 1)
    characters.splice(0, Math.max(1, Math.ceil((characters.length - width) / 2)))
  return `…${characters.join('')}`
}

function reasonOf({ rule, severity }: Finding): string {
  if (rule.provider.toLowerCase() === 'aws')
    return 'Whoever reads it can use your AWS account, and git never forgets it.'
  if (rule.family.includes('private-key'))
    return 'Whoever reads it can pass for its owner, and git never forgets it.'
  if (severity === 'critical')
    return 'It is shown to everyone who uses what is built from this, and git never forgets it.'
  return 'Whoever can read the repository can use it, and git never forgets it.'
}

function bypassLines(stopped: Stopped, { columns }: Page): readonly string[] {
  const words = {
    commit:
      '`git commit --no-verify` commits it all the same: then it is in history, and only rotating it helps.',
    message:
      '`git commit --no-verify` commits it all the same: then it is in history, and only rotating it helps.',
    push: '`git push --no-verify` pushes it all the same: then others have it, and only rotating it helps.',
    receive: 'Nothing was taken over: the branches here are as they were.',
  }
  return wrap(words[stopped], columns)
}

function incompleteLines(
  failed: readonly Skip[],
  options: BlockedOptions,
  { paint, columns }: Page,
): readonly string[] {
  const told = failed.slice(0, MAX_SKIPS).map(({ path, object, reason, detail }) => {
    const what = path === undefined ? (object?.slice(0, 12) ?? 'the repository') : path.text
    return `  ${cutMiddle(escapeForTerminal(`${what}: ${detail ?? reason}`), columns - 2)}`
  })
  return [
    paint(
      'bold',
      paint('red', `oakum stopped ${events[options.stopped]}: not all of it could be read.`),
    ),
    ...told,
    ...(failed.length > MAX_SKIPS ? [`  and ${failed.length - MAX_SKIPS} more`] : []),
  ]
}
