/**
 * An env file → its template: keys and comments, without a value. Texts have a byte in each
 * character.
 */
import { isPlainValue } from '../../scan/env-files/entry-value.ts'
import { type EnvEntry, parseEnv } from '../../scan/env-files/parse.ts'
import { lineEndOf } from '../../scan/env-files/parsed-value.ts'

/** Says whether a comment may be shown to everybody. */
export type IsHarmless = (comment: string) => boolean

/** One line of a template. */
type Item =
  | { readonly kind: 'blank' }
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'entry'; readonly key: string; readonly text: string }

/** What is to be written, and how many comments were left out of it. */
export interface Template {
  readonly text: string
  /** Keys that it has now and had not before. */
  readonly added: readonly string[]
  readonly comments: number
}

/**
 * The template of one or more env files: the existing one with what it lacks at its end, or a new
 * one. Existing lines stay as they are. A comment that may hold a secret is left out.
 */
export function templateOf(
  texts: readonly string[],
  existing: string | undefined,
  isHarmless: IsHarmless,
): Template {
  const known = new Set(parseEnv(existing ?? '').map(({ key }) => key))
  const lineEnd = lineEndIn([existing ?? '', ...texts].find((text) => text !== '') ?? '')
  const lines: string[] = []
  const added: string[] = []
  let comments = 0
  for (const [at, text] of texts.entries()) {
    const values = valuesIn(text)
    const mayStay = (comment: string): boolean =>
      !values.some((value) => comment.includes(value)) && isHarmless(comment)
    const items = itemsOf(text).flatMap((item): readonly Item[] => {
      if (item.kind === 'entry') return [{ ...item, text: withoutRemark(item, mayStay) }]
      const isFine = item.kind === 'blank' || mayStay(item.text)
      comments += Number(!isFine)
      return isFine ? [item] : []
    })
    const fresh = items.flatMap((item) =>
      item.kind === 'entry' && !known.has(item.key) ? [item.key] : [],
    )
    lines.push(
      ...(existing === undefined && at === 0 ? wholeLayout(items) : whatIsMissing(items, known)),
    )
    for (const key of fresh) known.add(key)
    added.push(...new Set(fresh))
  }
  const before =
    existing === undefined || existing === '' || /[\r\n]$/.test(existing)
      ? (existing ?? '')
      : `${existing}${lineEnd}`
  return {
    text:
      added.length === 0 && existing !== undefined
        ? existing
        : before + lines.map((line) => `${line}${lineEnd}`).join(''),
    added,
    comments,
  }
}

/** A file's own, by its first line. */
export function lineEndIn(text: string): string {
  return /\r\n/.test(text.slice(0, text.indexOf('\n') + 1)) ? '\r\n' : '\n'
}

/** Lines as they stand, each key once. */
function wholeLayout(items: readonly Item[]): readonly string[] {
  const seen = new Set<string>()
  return items.flatMap((item) => {
    if (item.kind !== 'entry') return item.kind === 'blank' ? [''] : [item.text]
    if (seen.has(item.key)) return []
    seen.add(item.key)
    return [item.text]
  })
}

/** Entries that are not known, each with the comments right above it. */
function whatIsMissing(items: readonly Item[], known: ReadonlySet<string>): readonly string[] {
  const seen = new Set(known)
  const lines: string[] = []
  let above: string[] = []
  for (const item of items) {
    if (item.kind === 'comment') {
      above.push(item.text)
      continue
    }
    if (item.kind === 'entry' && !seen.has(item.key)) {
      seen.add(item.key)
      lines.push(...above, item.text)
    }
    above = []
  }
  return lines
}

/** `KEY= # why` without the remark where that may hold a secret. */
function withoutRemark(
  { key, text }: Item & { readonly kind: 'entry' },
  mayStay: IsHarmless,
): string {
  const remark = text.slice(text.indexOf('=') + 1)
  return remark === '' || mayStay(`${key} ${remark}`) ? text : text.slice(0, text.indexOf('=') + 1)
}

/** Values that a comment must not repeat: not `false` or `3000`, which comments speak of. */
function valuesIn(text: string): readonly string[] {
  return parseEnv(text)
    .flatMap((entry) => [entry.value, ...entry.alternatives.map(({ value }) => value)])
    .filter(
      (value) =>
        value.trim().length >= 5 && (!isPlainValue(value.trim()) || /^\d{6,}$/.test(value.trim())),
    )
}

/** What is neither blank, a comment nor an entry may be the rest of a value, and is left out. */
function itemsOf(text: string): readonly Item[] {
  const entries = parseEnv(text)
  const items: Item[] = []
  let next = 0
  for (let at = text.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0; at < text.length; ) {
    const end = lineEndOf(text, at)
    let to = end
    const here: EnvEntry[] = []
    for (
      let entry = entries[next];
      entry !== undefined && entry.start <= to;
      entry = entries[++next]
    ) {
      here.push(entry)
      to = Math.max(to, lineEndOf(text, entry.end))
    }
    const line = text.slice(at, end)
    if (here.length > 0)
      items.push(
        ...here.map((entry, index) =>
          entryItem(
            entry,
            index === 0 ? text.slice(at, entry.start) : '',
            index === here.length - 1 ? text.slice(entry.end, to) : '',
          ),
        ),
      )
    else if (line.trim() === '') items.push({ kind: 'blank' })
    else if (/^[ \t]*#/.test(line)) items.push({ kind: 'comment', text: line.trimEnd() })
    at = to + (text.startsWith('\r\n', to) ? 2 : 1)
  }
  return items
}

/**
 * `export KEY="` and what stands behind the value → `export KEY= # remark`. Where the key itself is
 * in quotes, it is written plainly.
 */
function entryItem({ key, commented }: EnvEntry, before: string, after: string): Item {
  const head =
    /^(?<lead>[ \t]*(?:#[ \t]*)?(?:export[ \t]+)?)(?<key>[\w.-]+)[ \t]*=[ \t]*\$?["'`]?$/.exec(
      before,
    )?.groups
  const lead = head?.['key'] === key ? (head['lead'] ?? '') : commented ? '# ' : ''
  const remark = /^["'`]{0,2}(?<remark>[ \t]+# .*)$/.exec(after)?.groups?.['remark'] ?? ''
  return { kind: 'entry', key, text: `${lead.replace(/^[ \t]+/, '')}${key}=${remark.trimEnd()}` }
}
