import { lineEndOf, readQuoted, readUnterminated, trimmedEnd, type RawValue } from './quoted.ts'

/** One `KEY=value`. `start` and `end` bound the raw value, without its quotes, in the text. */
export interface EnvEntry {
  readonly key: string
  /** Decoded: `\n` in double quotes is a line feed. Characters are bytes, as in the text. */
  readonly value: string
  readonly start: number
  readonly end: number
  /** It stands behind a `#`; a secret there is still a secret. */
  readonly commented: boolean
}

/**
 * `export KEY=`, `KEY = `, `KEY: `, `"KEY": `. Not `KEY:value`, which is a URL or a time more often; not `a b=c`.
 * The quantifiers do not overlap, so this is linear.
 */
const head = /[ \t]*(?:(?:export|set|declare -x|setenv)[ \t]+)?(?<quote>["']?)(?<key>[\w.-]{1,200})\k<quote>(?:[ \t]*=|:[ \t])[ \t]*/y

/** Prose is full of `word: words`, so a commented entry is `KEY=…`, or `KEY_NAME: …` in capitals. */
const commentedHead = /[ \t]*(?:(?:export|set)[ \t]+)?(?<quote>["']?)(?<key>[\w.-]{1,200}(?=["']?[ \t]?=)|[A-Z][A-Z0-9]*_[A-Z0-9_]{1,190})\k<quote>(?:[ \t]?=|:[ \t])[ \t]*/y

const commentMark = /[ \t]*(?:#+!?|;+|\/\/)/y

/** In a shell one line may export twice: `export A=1 B=2; export C=3`. */
const nextInShell = /;[ \t]|[ \t]&&[ \t]|[ \t](?=[A-Za-z_]\w{0,100}=)/
const separator = /[ \t]*(?:;|&&)?/y

/** Each costs a look at the rest of its line, and nobody writes more. */
const maxOnLine = 64

/**
 * The entries of a `.env` file, whichever program it was written for (dotenv, compose, Symfony, Ruby, a shell). Takes anything and never throws:
 * what is no entry is passed over. Where dialects differ on where a value ends, it is the longest: `a#b` is whole, `a # b` is a.
 */
export function parseEnv(text: string): readonly EnvEntry[] {
  const entries: EnvEntry[] = []
  let at = text.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0
  while (at < text.length) {
    const commentEnd = endOf(commentMark, text, at)
    at = lineEndOf(text, readLine(text, commentEnd ?? at, commentEnd !== undefined, entries)) + 1
  }
  return entries
}

/** Adds the entries of the line at `at` and returns where the last of them ends, which may be lines further on. */
function readLine(text: string, at: number, commented: boolean, entries: EnvEntry[]): number {
  const pattern = commented ? commentedHead : head
  let next = at
  for (let count = 0; count < maxOnLine; count++) {
    pattern.lastIndex = next
    const found = pattern.exec(text)
    const key = found?.groups?.['key']
    if (found === null || key === undefined) return next
    const inShell = count > 0 || /^[ \t]*export[ \t]/.test(found[0])
    const raw = readValue(text, pattern.lastIndex, { multiline: !commented, inShell })
    entries.push({ key, value: raw.value, start: raw.start, end: raw.end, commented })
    next = raw.next
    if (!inShell) return next
    next = endOf(separator, text, next) ?? next
  }
  return next
}

function readValue(text: string, at: number, { multiline, inShell }: { readonly multiline: boolean; readonly inShell: boolean }): RawValue {
  if (/["'`]/.test(text.charAt(at))) return readQuoted(text, at, multiline) ?? readUnterminated(text, at)
  const lineEnd = lineEndOf(text, at)
  const line = text.slice(at, lineEnd)
  const comment = /^#|[ \t]#/.exec(line)?.index ?? line.length
  const shell = inShell ? (nextInShell.exec(line)?.index ?? line.length) : line.length
  const end = trimmedEnd(text, at, at + Math.min(comment, shell))
  return { value: text.slice(at, end), start: at, end, next: end }
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : undefined
}
