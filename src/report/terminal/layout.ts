/** Lays out the lines of a text report: a label column, then text that is wrapped or cut. */
import type { Finding, Origin, Place } from '../../model/model.ts'
import type { ReportOptions } from '../options.ts'
import type { Paint } from './colour.ts'
import { escapeForTerminal } from './escape.ts'
import { cutMiddle, wrap } from './fit.ts'

const LABEL_COLUMNS = 13
const INDENT = '  '
const MIN_TEXT_COLUMNS = 20
const MIN_NAME_COLUMNS = 10

/** Settings for the lines of a text report. */
export interface TextLayout {
  readonly columns: number
  readonly paint: Paint
  readonly options: Partial<ReportOptions>
  /** Returns the text that stands for a secret: its redacted form, or with `--show-secrets` itself. */
  readonly shown: (part: Finding['parts'][number]) => string
}

/**
 * A labelled text, wrapped to the width of the page. A line that cannot be broken is cut in its
 * middle, unless it contains a command in backquotes.
 */
export function row(label: string, text: string, layout: TextLayout): readonly string[] {
  const width = textWidth(layout)
  return wrap(escapeForTerminal(text), width).map((line, index) =>
    labelledLine(
      index === 0 ? label : '',
      line.includes('`') ? line : cutMiddle(line, width),
      layout,
    ),
  )
}

/** A labelled text in one line, neither wrapped nor cut. */
export function unwrappedRow(label: string, text: string, layout: TextLayout): string {
  return labelledLine(label, escapeForTerminal(text), layout)
}

/** Columns to the right of the labels. */
export function textWidth({ columns }: TextLayout): number {
  return Math.max(columns - INDENT.length - LABEL_COLUMNS, MIN_TEXT_COLUMNS)
}

/** `config/prod.env:3:19 in 3f2a9c1d`, with the path cut to make the text `width` wide. Escaped. */
export function fittedPlaceText({ origin, span }: Place, width: number): string {
  const suffix = `:${span.line}:${span.column}${originSuffix(origin)}`
  return cutMiddle(originName(origin), Math.max(width - suffix.length, MIN_NAME_COLUMNS)) + suffix
}

/** The first eight characters of an object id. Escaped. */
export function shortId(id: string): string {
  return escapeForTerminal(id.slice(0, 8))
}

function originName(origin: Origin): string {
  return origin.member === undefined
    ? containerName(origin)
    : `${containerName(origin)} > ${escapeForTerminal(origin.member)}`
}

function containerName({ kind, path, object, commit }: Origin): string {
  if (kind === 'stdin') return 'standard input'
  if (kind === 'message' && commit === undefined && object === undefined)
    return 'the commit message'
  if (kind === 'message') return `message of ${shortId(commit ?? object ?? '')}`
  return path === undefined ? `object ${shortId(object ?? '')}` : escapeForTerminal(path.text)
}

function originSuffix({ kind, commit }: Origin): string {
  if (kind === 'index') return ' (staged)'
  return kind === 'commit' && commit !== undefined ? ` in ${shortId(commit)}` : ''
}

/** Escapes a leading `::`, which a GitHub Actions log would execute as a workflow command. */
function labelledLine(label: string, text: string, { paint }: TextLayout): string {
  return (
    INDENT +
    paint('dim', label.padEnd(LABEL_COLUMNS)) +
    (text.startsWith('::') ? String.raw`\x3a` + text.slice(1) : text)
  )
}
