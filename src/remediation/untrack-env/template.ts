/**
 * Builds the template of an env file: its keys and comments, without the values. Texts have one
 * byte in each character.
 */
import { isPlainValue } from '../../scan/entries/entry-value.ts'
import { type EnvEntry, parseEnv } from '../../scan/env-files/parse.ts'
import { lineEndOf } from '../../scan/env-files/parsed-value.ts'

const UTF8_BOM = '\u00ef\u00bb\u00bf'

/** Returns whether a comment may be in a file that everybody can read. */
export type IsHarmless = (comment: string) => boolean

/** One line of a template. */
type TemplateLine =
  | { readonly kind: 'blank' }
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'entry'; readonly key: string; readonly text: string }

export interface Template {
  readonly text: string
  /** Keys that the existing template lacked. */
  readonly added: readonly string[]
  /** Number of comments that may contain a secret, and so are not in the template. */
  readonly skippedComments: number
}

/**
 * Builds the template of one or more env files: a new one, or the existing one with what it lacks
 * appended. Existing lines stay as they are. Comments that may contain a secret are skipped.
 */
export function templateOf(
  texts: readonly string[],
  existing: string | undefined,
  isHarmless: IsHarmless,
): Template {
  const presentKeys = new Set(parseEnv(existing ?? '').map(({ key }) => key))
  const lineEnd = lineEndIn([existing ?? '', ...texts].find((text) => text !== '') ?? '')
  const lines: string[] = []
  const added: string[] = []
  let skippedComments = 0
  for (const [index, text] of texts.entries()) {
    const sanitized = sanitizedLines(text, isHarmless)
    skippedComments += sanitized.skippedComments
    const isFirstOfNew = existing === undefined && index === 0
    lines.push(
      ...(isFirstOfNew ? wholeLayout(sanitized.lines) : missingLines(sanitized.lines, presentKeys)),
    )
    const newKeys = new Set(
      sanitized.lines.flatMap((line) =>
        line.kind === 'entry' && !presentKeys.has(line.key) ? [line.key] : [],
      ),
    )
    for (const key of newKeys) presentKeys.add(key)
    added.push(...newKeys)
  }
  if (added.length === 0 && existing !== undefined)
    return { text: existing, added, skippedComments }
  const isLineOpen = existing !== undefined && existing !== '' && !/[\r\n]$/.test(existing)
  const start = isLineOpen ? `${existing}${lineEnd}` : (existing ?? '')
  const text = start + lines.map((line) => `${line}${lineEnd}`).join('')
  return { text, added, skippedComments }
}

/** Returns the lines of an env file without values, and without comments that may hold a secret. */
function sanitizedLines(
  text: string,
  isHarmless: IsHarmless,
): { readonly lines: readonly TemplateLine[]; readonly skippedComments: number } {
  const values = distinctiveValues(text)
  const mayStay = (comment: string): boolean =>
    !values.some((value) => comment.includes(value)) && isHarmless(comment)
  let skippedComments = 0
  const lines = templateLines(text).flatMap((line): readonly TemplateLine[] => {
    if (line.kind === 'entry') return [{ ...line, text: withoutUnsafeRemark(line, mayStay) }]
    if (line.kind === 'blank' || mayStay(line.text)) return [line]
    skippedComments += 1
    return []
  })
  return { lines, skippedComments }
}

/** Returns the line end of a text, judged by its first line. */
export function lineEndIn(text: string): string {
  return /\r\n/.test(text.slice(0, text.indexOf('\n') + 1)) ? '\r\n' : '\n'
}

/** Returns all lines in their order, each key once. */
function wholeLayout(lines: readonly TemplateLine[]): readonly string[] {
  const keys = new Set<string>()
  return lines.flatMap((line) => {
    if (line.kind !== 'entry') return line.kind === 'blank' ? [''] : [line.text]
    if (keys.has(line.key)) return []
    keys.add(line.key)
    return [line.text]
  })
}

/** Returns the entries with keys that are not in `presentKeys`, each after its comments. */
function missingLines(
  lines: readonly TemplateLine[],
  presentKeys: ReadonlySet<string>,
): readonly string[] {
  const keys = new Set(presentKeys)
  const result: string[] = []
  let commentsAbove: string[] = []
  for (const line of lines) {
    if (line.kind === 'comment') {
      commentsAbove.push(line.text)
      continue
    }
    if (line.kind === 'entry' && !keys.has(line.key)) {
      keys.add(line.key)
      result.push(...commentsAbove, line.text)
    }
    commentsAbove = []
  }
  return result
}

/** Removes the remark of `KEY= # why` if it may contain a secret. */
function withoutUnsafeRemark(
  { key, text }: TemplateLine & { readonly kind: 'entry' },
  mayStay: IsHarmless,
): string {
  const remark = text.slice(text.indexOf('=') + 1)
  return remark === '' || mayStay(`${key} ${remark}`) ? text : text.slice(0, text.indexOf('=') + 1)
}

/** Returns the values that no comment may repeat; `false` or `3000` are too common for that. */
function distinctiveValues(text: string): readonly string[] {
  return parseEnv(text)
    .flatMap((entry) => [entry.value, ...entry.alternatives.map(({ value }) => value)])
    .filter(
      (value) =>
        value.trim().length >= 5 && (!isPlainValue(value.trim()) || /^\d{6,}$/.test(value.trim())),
    )
}

/**
 * Splits an env file into template lines. A line that is neither blank, a comment nor an entry may
 * be the rest of a value, and is skipped.
 */
function templateLines(text: string): readonly TemplateLine[] {
  const entries = parseEnv(text)
  const lines: TemplateLine[] = []
  let nextEntry = 0
  for (let start = text.startsWith(UTF8_BOM) ? UTF8_BOM.length : 0; start < text.length; ) {
    const lineEnd = lineEndOf(text, start)
    // End of the last line of the entries that begin on this line.
    let end = lineEnd
    const entriesHere: EnvEntry[] = []
    for (
      let entry = entries[nextEntry];
      entry !== undefined && entry.start <= end;
      entry = entries[++nextEntry]
    ) {
      entriesHere.push(entry)
      end = Math.max(end, lineEndOf(text, entry.end))
    }
    const line = text.slice(start, lineEnd)
    const firstEntry = entriesHere[0]
    if (firstEntry !== undefined) {
      const before = text.slice(start, firstEntry.start)
      lines.push(
        ...entriesHere.map((entry, index) =>
          entryLine(
            entry,
            index === 0 ? before : '',
            index === entriesHere.length - 1 ? text.slice(entry.end, end) : '',
          ),
        ),
      )
    } else if (line.trim() === '') lines.push({ kind: 'blank' })
    else if (/^[ \t]*#/.test(line)) lines.push({ kind: 'comment', text: line.trimEnd() })
    start = end + (text.startsWith('\r\n', end) ? 2 : 1)
  }
  return lines
}

/**
 * Converts `export KEY="` before a value and the text after it to `export KEY= # remark`. A key in
 * quotes is written without them.
 */
function entryLine({ key, commented }: EnvEntry, before: string, after: string): TemplateLine {
  const head =
    /^(?<lead>[ \t]*(?:#[ \t]*)?(?:export[ \t]+)?)(?<key>[\w.-]+)[ \t]*=[ \t]*\$?["'`]?$/.exec(
      before,
    )?.groups
  const lead = head?.['key'] === key ? (head['lead'] ?? '') : commented ? '# ' : ''
  const remark = /^["'`]{0,2}(?<remark>[ \t]+# .*)$/.exec(after)?.groups?.['remark'] ?? ''
  return { kind: 'entry', key, text: `${lead.replace(/^[ \t]+/, '')}${key}=${remark.trimEnd()}` }
}
