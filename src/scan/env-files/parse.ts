/**
 * Parses `.env` files in the dialects of dotenv, Node, Docker Compose, Symfony, Ruby and shells.
 */
import { readQuoted, readUnterminated } from './quoted.ts'
import { lineEndOf, type ValueToken, type ParsedValue } from './parsed-value.ts'
import { readUnquoted } from './unquoted.ts'

/**
 * One entry `KEY=value`. `start` and `end` are the offsets of the raw value without its quotes;
 * `value` is decoded: `
 * ` in double quotes is a line feed.
 */
export interface EnvEntry extends ParsedValue {
  readonly key: string
  /** Values that other programs read here, where dialects differ: `a#b` is also `a`. */
  readonly alternatives: readonly ParsedValue[]
  /** True for an entry behind a `#`: a secret in a comment is still a secret. */
  readonly commented: boolean
}

/**
 * The start of an entry: `export KEY=`, `KEY = `, `KEY: `, `"KEY": `, and `- KEY=` in a list of
 * Compose; Make's `KEY := ` and a shell's `KEY+=` too. Not `KEY:value`, which more often is a URL
 * or a time; not `a b=c`. The quantifiers do not overlap, so matching is linear.
 */
const entryStart = new RegExp(
  [
    String.raw`[ \t]*(?:-[ \t]{1,20})?(?<declared>(?:export|readonly|local|(?:declare`,
    String.raw`|typeset)[ \t]-\w{1,5}|set|setenv)[ \t]+)?(?<quote>["']?)`,
    String.raw`(?<key>[\w.-]{1,200})\k<quote>(?:[ \t]*[:?+]?=|:[ \t])[ \t]*`,
  ].join(''),
  'y',
)

/**
 * The start of a commented entry: `KEY=…`, or `KEY_NAME: …` in capitals, as prose is full of `word:
 * words`.
 */
const commentedEntryStart = new RegExp(
  [
    String.raw`[ \t]*(?:-[ \t]{1,20})?(?<declared>(?:export|set)[ \t]+)?(?<quote>["']?)`,
    String.raw`(?<key>[\w.-]{1,200}(?=["']?[ \t]?=)|[A-Z][A-Z0-9]*_[A-Z0-9_]{1,190})\k<quote>`,
    String.raw`(?:[ \t]?=|:[ \t])[ \t]*`,
  ].join(''),
  'y',
)

/**
 * Name and value in one pair of quotes: `- "KEY=value"` of Compose, `export "KEY=value"`, `set
 * "KEY=value"` of Windows.
 */
const quotedPair = /[ \t]*(?:-|export|set)[ \t]{1,20}(?<quote>["'])(?<key>[\w.-]{1,200})=/y

/**
 * Name and value with only a space between: `setenv KEY value` of csh, `SetEnv KEY value` of
 * Apache, `set -gx KEY value` of fish.
 */
const spaceSeparated =
  /[ \t]*(?:[Ss]et[Ee]nv|set[ \t]+-[a-zU]{1,4})[ \t]+(?<key>[A-Za-z_]\w{0,199})[ \t]+(?=\S)/y

const commentMark = /[ \t]*(?:#+!?|;+|\/\/)/y
const separator = /[ \t]*(?:;|&&)?/y

/**
 * Limit of entries on one line. Each reads the rest of its line once more, and nobody writes more.
 */
const MAX_ENTRIES_PER_LINE = 64

/**
 * Returns the entries of a `.env` file in any dialect. Never throws: text that is no entry is
 * skipped. Where dialects disagree about the end of a value, `value` is the longest and
 * `alternatives` has the rest.
 */
export function parseEnv(text: string): readonly EnvEntry[] {
  const entries: EnvEntry[] = []
  let at = text.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0
  while (at < text.length) {
    const commentEnd = endOf(commentMark, text, at)
    const commented = commentEnd !== undefined
    const from = commentEnd ?? at
    at =
      lineEndOf(
        text,
        readPair(text, from, commented, entries) ?? readLine(text, from, commented, entries),
      ) + 1
  }
  return entries
}

/**
 * Adds the entry of a line that has quotes around name and value, or a space between them, and
 * returns its end. Returns undefined for other lines.
 */
function readPair(
  text: string,
  at: number,
  commented: boolean,
  entries: EnvEntry[],
): number | undefined {
  quotedPair.lastIndex = at
  const quoted = quotedPair.exec(text)?.groups
  if (quoted?.['key'] !== undefined) {
    const start = quotedPair.lastIndex
    const lineEnd = lineEndOf(text, start)
    const close = text.slice(start, lineEnd).indexOf(quoted['quote'] ?? '"')
    const end = close === -1 ? lineEnd : start + close
    entries.push({
      key: quoted['key'],
      value: text.slice(start, end),
      start,
      end,
      alternatives: [],
      commented,
    })
    return end
  }
  spaceSeparated.lastIndex = at
  const key = commented ? undefined : spaceSeparated.exec(text)?.groups?.['key']
  if (key === undefined) return undefined
  const raw = readValue(text, spaceSeparated.lastIndex, { multiline: false, inShell: true })
  entries.push(entryOf(key, raw, commented))
  return raw.next
}

/**
 * Adds the entries of the line at `at` and returns the end of the last one, which may be on a later
 * line.
 */
function readLine(text: string, at: number, commented: boolean, entries: EnvEntry[]): number {
  const pattern = commented ? commentedEntryStart : entryStart
  let next = at
  for (let count = 0; count < MAX_ENTRIES_PER_LINE; count++) {
    pattern.lastIndex = next
    const match = pattern.exec(text)
    const key = match?.groups?.['key']
    if (match === null || key === undefined) return next
    const inShell =
      count > 0 ||
      /^(?:export|readonly|local|declare|typeset)/.test(match.groups?.['declared'] ?? '')
    const raw = readValue(text, pattern.lastIndex, { multiline: !commented, inShell })
    entries.push(entryOf(key, raw, commented))
    next = raw.next
    if (!inShell) return next
    next = endOf(separator, text, next) ?? next
  }
  return next
}

function entryOf(
  key: string,
  { value, start, end, alternatives }: ValueToken,
  commented: boolean,
): EnvEntry {
  return {
    key,
    value,
    start,
    end,
    alternatives: alternatives.filter(
      (alternative, index) =>
        alternative.value !== value &&
        alternatives.findIndex((earlier) => earlier.value === alternative.value) === index,
    ),
    commented,
  }
}

function readValue(
  text: string,
  at: number,
  { multiline, inShell }: { readonly multiline: boolean; readonly inShell: boolean },
): ValueToken {
  const quote = /^\$["']/.test(text.slice(at, at + 2)) ? at + 1 : at
  if (/["'`]/.test(text.charAt(quote)))
    return readQuoted(text, quote, multiline) ?? readUnterminated(text, quote)
  return readUnquoted(text, at, {
    inShell,
    mayGoOn: () => multiline && !isEntry(text, lineEndOf(text, at) + 1),
  })
}

/**
 * True when the line at `at` is an entry, a comment or empty, so that the value on the line before
 * it has ended.
 */
function isEntry(text: string, at: number): boolean {
  const begin = text.charAt(at - 1) === '\r' && text.charAt(at) === '\n' ? at + 1 : at
  return (
    begin >= text.length ||
    /[\r\n]/.test(text.charAt(begin)) ||
    endOf(entryStart, text, begin) !== undefined ||
    endOf(commentMark, text, begin) !== undefined
  )
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : undefined
}
