import { readQuoted, readUnterminated } from './quoted.ts'
import { lineEndOf, type RawValue, type Reading } from './reading.ts'
import { readUnquoted } from './unquoted.ts'

/**
 * One `KEY=value`. `start` and `end` bound the raw value, without its quotes, in the text; `value`
 * is decoded: `\n` in double quotes is a line feed.
 */
export interface EnvEntry extends Reading {
  readonly key: string
  /** What other programs take the value for, where they differ: `a#b` is also `a`. */
  readonly others: readonly Reading[]
  /** It stands behind a `#`; a secret there is still a secret. */
  readonly commented: boolean
}

/**
 * `export KEY=`, `KEY = `, `KEY: `, `"KEY": `, and in a list of compose `- KEY=`. Make's `KEY := `
 * and a shell's `KEY+=` too. Not `KEY:value`, which is a URL or a time more often; not `a b=c`. The
 * quantifiers do not overlap, so this is linear.
 */
const head =
  /[ \t]*(?:-[ \t]{1,20})?(?<declared>(?:export|readonly|local|(?:declare|typeset)[ \t]-\w{1,5}|set|setenv)[ \t]+)?(?<quote>["']?)(?<key>[\w.-]{1,200})\k<quote>(?:[ \t]*[:?+]?=|:[ \t])[ \t]*/y

/**
 * Prose is full of `word: words`, so a commented entry is `KEY=…`, or `KEY_NAME: …` in capitals.
 */
const commentedHead =
  /[ \t]*(?:-[ \t]{1,20})?(?<declared>(?:export|set)[ \t]+)?(?<quote>["']?)(?<key>[\w.-]{1,200}(?=["']?[ \t]?=)|[A-Z][A-Z0-9]*_[A-Z0-9_]{1,190})\k<quote>(?:[ \t]?=|:[ \t])[ \t]*/y

/**
 * Name and value in one pair of quotes: `- "KEY=value"` of compose, `export "KEY=value"`, `set
 * "KEY=value"` of Windows.
 */
const quotedPair = /[ \t]*(?:-|export|set)[ \t]{1,20}(?<quote>["'])(?<key>[\w.-]{1,200})=/y

/**
 * No sign between name and value: `setenv KEY value` of csh, `SetEnv KEY value` of Apache, `set -gx
 * KEY value` of fish.
 */
const signless =
  /[ \t]*(?:[Ss]et[Ee]nv|set[ \t]+-[a-zU]{1,4})[ \t]+(?<key>[A-Za-z_]\w{0,199})[ \t]+(?=\S)/y

const commentMark = /[ \t]*(?:#+!?|;+|\/\/)/y
const separator = /[ \t]*(?:;|&&)?/y

/** Each costs a look at the rest of its line, and nobody writes more. */
const maxOnLine = 64

/**
 * The entries of a `.env` file, whichever program it was written for (dotenv, Node, compose,
 * Symfony, Ruby, a shell). Takes anything and never throws: what is no entry is passed over. Where
 * dialects differ on where a value ends, it is the longest, and `others` has the rest.
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
 * Adds the entry of a line whose sign stands within quotes, or that has none; nothing for other
 * lines.
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
      others: [],
      commented,
    })
    return end
  }
  signless.lastIndex = at
  const key = commented ? undefined : signless.exec(text)?.groups?.['key']
  if (key === undefined) return undefined
  const raw = readValue(text, signless.lastIndex, { multiline: false, inShell: true })
  entries.push(entryOf(key, raw, commented))
  return raw.next
}

/**
 * Adds the entries of the line at `at` and returns where the last of them ends, which may be lines
 * further on.
 */
function readLine(text: string, at: number, commented: boolean, entries: EnvEntry[]): number {
  const pattern = commented ? commentedHead : head
  let next = at
  for (let count = 0; count < maxOnLine; count++) {
    pattern.lastIndex = next
    const found = pattern.exec(text)
    const key = found?.groups?.['key']
    if (found === null || key === undefined) return next
    const inShell =
      count > 0 ||
      /^(?:export|readonly|local|declare|typeset)/.test(found.groups?.['declared'] ?? '')
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
  { value, start, end, others }: RawValue,
  commented: boolean,
): EnvEntry {
  return {
    key,
    value,
    start,
    end,
    others: others.filter(
      (other, index) =>
        other.value !== value && others.findIndex((one) => one.value === other.value) === index,
    ),
    commented,
  }
}

function readValue(
  text: string,
  at: number,
  { multiline, inShell }: { readonly multiline: boolean; readonly inShell: boolean },
): RawValue {
  const quote = /^\$["']/.test(text.slice(at, at + 2)) ? at + 1 : at
  if (/["'`]/.test(text.charAt(quote)))
    return readQuoted(text, quote, multiline) ?? readUnterminated(text, quote)
  return readUnquoted(text, at, {
    inShell,
    mayGoOn: () => multiline && !isEntry(text, lineEndOf(text, at) + 1),
  })
}

/**
 * Does an entry, a comment or nothing at all stand at the start of this line? Then the line before
 * it has ended.
 */
function isEntry(text: string, at: number): boolean {
  const begin = text.charAt(at - 1) === '\r' && text.charAt(at) === '\n' ? at + 1 : at
  return (
    begin >= text.length ||
    /[\r\n]/.test(text.charAt(begin)) ||
    endOf(head, text, begin) !== undefined ||
    endOf(commentMark, text, begin) !== undefined
  )
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : undefined
}
