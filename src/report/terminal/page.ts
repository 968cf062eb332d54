import type { Finding, Origin, Place } from '../../model/model.ts'
import type { Paint } from './colour.ts'
import { escapeForTerminal } from './escape.ts'
import { cutMiddle, wrap } from './fit.ts'
import type { ReportOptions } from '../options.ts'

const labelColumns = 13
const indent = '  '

/** What the lines of a text report are written on. */
export interface Page {
  readonly columns: number
  readonly paint: Paint
  readonly options: Partial<ReportOptions>
  /** What is shown of a secret. */
  readonly shown: (part: Finding['parts'][number]) => string
}

/**
 * A labelled text, wrapped; what cannot be broken is cut in its middle, but for a command in
 * backquotes.
 */
export function row(label: string, text: string, page: Page): readonly string[] {
  const width = roomOf(page)
  const lines = wrap(escapeForTerminal(text), width)
  return lines.map((line, index) =>
    lineOf(index === 0 ? label : '', line.includes('`') ? line : cutMiddle(line, width), page),
  )
}

/** A labelled text in one line, whole however long it is. */
export function wholeRow(label: string, text: string, page: Page): string {
  return lineOf(label, escapeForTerminal(text), page)
}

/** Columns left of a label. */
export function roomOf(page: Page): number {
  return Math.max(page.columns - indent.length - labelColumns, 20)
}

/** `config/prod.env:3:19 in 3f2a9c1d`, the path cut so that all fits into `width`. Escaped. */
export function whereOf({ origin, span }: Place, width: number): string {
  const { kind, commit } = origin
  const after = `:${span.line}:${span.column}${afterOf(kind, commit)}`
  return cutMiddle(nameOf(origin), Math.max(width - after.length, 10)) + after
}

/** `3f2a9c1d`: enough of an object's name for people. Escaped. */
export function shortId(id: string): string {
  return escapeForTerminal(id.slice(0, 8))
}

function nameOf(origin: Origin): string {
  return origin.member === undefined
    ? outerNameOf(origin)
    : `${outerNameOf(origin)} > ${escapeForTerminal(origin.member)}`
}

function outerNameOf({ kind, path, object, commit }: Origin): string {
  if (kind === 'stdin') return 'standard input'
  if (kind === 'message' && commit === undefined && object === undefined)
    return 'the commit message'
  if (kind === 'message') return `message of ${shortId(commit ?? object ?? '')}`
  return path === undefined ? `object ${shortId(object ?? '')}` : escapeForTerminal(path.text)
}

function afterOf(kind: Origin['kind'], commit: string | undefined): string {
  if (kind === 'index') return ' (staged)'
  return kind === 'commit' && commit !== undefined ? ` in ${shortId(commit)}` : ''
}

/** A log of GitHub Actions takes a line that starts with `::`, after spaces, for a command. */
function lineOf(label: string, text: string, page: Page): string {
  return (
    indent +
    page.paint('dim', label.padEnd(labelColumns)) +
    (text.startsWith('::') ? String.raw`\x3a` + text.slice(1) : text)
  )
}
