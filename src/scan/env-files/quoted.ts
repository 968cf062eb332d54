import { lineEndOf, type RawValue, type Reading, readingOf, trimmedEnd } from './reading.ts'

/**
 * A quote that is not closed so soon was not meant to be closed: a longer value would swallow the
 * rest of a file.
 */
const maxQuoted = 65_536

/** An entry inside a value over several lines means that its quote was never closed. */
const entryInside = /\n[ \t]*(?:export[ \t]+)?[A-Z_][A-Z0-9_]*=[^\s=]/

/** Behind closing quotes: more of the word, as in a shell's `"a"b`. */
const bareword = /[^\s"'`#,;|&()[\]{}<>]{1,1000}/y

/**
 * The value in quotes (' " `) at `at`, or nothing if it is not closed. It may go over several lines
 * (`multiline`), and on its own line it may be followed by more parts: `'a'"b"c` is abc in a shell.
 * A `$` before the quote (`$'a\x21'`) adds the escapes of C.
 */
export function readQuoted(text: string, at: number, multiline: boolean): RawValue | undefined {
  const lineEnd = lineEndOf(text, at)
  const close = closingQuote(text, at, multiline ? Math.min(text.length, at + maxQuoted) : lineEnd)
  if (close === -1) return undefined
  if (close > lineEnd && !closesEntry(text, at, close)) return undefined
  const first: RawValue = {
    value: decoded(text, at, close),
    start: at + 1,
    end: close,
    next: close + 1,
    others: othersOf(text, at, close),
  }
  return close > lineEnd ? first : withNextParts(text, first, lineEnd)
}

/** What stands at `at` when its quote is never closed: the rest of its line. */
export function readUnterminated(text: string, at: number): RawValue {
  const end = trimmedEnd(text, at + 1, lineEndOf(text, at))
  return { ...readingOf(text, at + 1, end), next: end, others: [readingOf(text, at, end)] }
}

function withNextParts(text: string, first: RawValue, lineEnd: number): RawValue {
  let whole = first
  while (whole.next < lineEnd) {
    if (/["'`]/.test(text.charAt(whole.next))) {
      const close = closingQuote(text, whole.next, lineEnd)
      if (close === -1) break
      whole = {
        ...whole,
        value: whole.value + decoded(text, whole.next, close),
        end: close,
        next: close + 1,
      }
    } else {
      bareword.lastIndex = whole.next
      const bare = bareword.exec(text)?.[0]
      if (bare === undefined) break
      whole = {
        ...whole,
        value: whole.value + bare,
        end: whole.next + bare.length,
        next: whole.next + bare.length,
      }
    }
  }
  return whole === first
    ? first
    : { ...whole, others: [readingOf(text, first.start, first.end), ...first.others] }
}

function closingQuote(text: string, at: number, limit: number): number {
  const quote = text.charAt(at)
  for (let index = at + 1; index < limit; index++) {
    if (text.charAt(index) === '\\') index++
    else if (text.charAt(index) === quote) return index
  }
  return -1
}

/** After a value over several lines nothing may stand but a comment, and within it no entry. */
function closesEntry(text: string, at: number, close: number): boolean {
  const after = text.slice(close + 1, lineEndOf(text, close + 1))
  return (
    /^[ \t]*(?:#.*)?$/.test(after) &&
    !entryInside.test(text.slice(at, close).replaceAll('\r', '\n'))
  )
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

/**
 * Double quotes have escapes; what a backslash makes of other characters is that character, and of
 * a line's end nothing.
 */
function decoded(text: string, at: number, close: number): string {
  const raw = text.slice(at + 1, close).replaceAll('\r\n', '\n')
  if (text.charAt(at - 1) === '$' && text.charAt(at) === "'") return decodedAsC(raw)
  if (text.charAt(at) !== '"') return raw
  return raw.replaceAll(/\\([^])/g, (_, char: string) =>
    char === '\n' ? '' : (escapes[char] ?? (/["\\$`/]/.test(char) ? char : `\\${char}`)),
  )
}

/**
 * `$'…'` of bash: `\n`, `\'`, `\x41`, `\101`, `\u0041`. Characters are bytes, so one beyond 255
 * stays as it is written.
 */
function decodedAsC(raw: string): string {
  return raw.replaceAll(
    /\\(?:x(?<hex>[0-9A-Fa-f]{1,2})|u(?<unicode>[0-9A-Fa-f]{1,4})|(?<octal>[0-7]{1,3})|(?<char>[^]))/g,
    (...match) => {
      const { hex, unicode, octal, char } = groupsOf(match)
      const code = hex ?? unicode
      const value = code === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(code, 16)
      if (char !== undefined)
        return { ...escapes, a: '\u0007', b: '\b', e: '\u001b', f: '\f', v: '\v' }[char] ?? char
      return value > 255 ? String(match[0]) : String.fromCharCode(value)
    },
  )
}

function groupsOf(match: readonly unknown[]): Readonly<Record<string, string | undefined>> {
  const groups: unknown = match.at(-1)
  return typeof groups === 'object' && groups !== null ? { ...groups } : {}
}

/**
 * dotenv decodes `\n` and `\r` only and leaves every other backslash; Node leaves all but `\n` and
 * ends the value at the first quote; in single quotes Python takes `\'` for a quote.
 */
function othersOf(text: string, at: number, close: number): readonly Reading[] {
  const raw = text.slice(at + 1, close)
  if (!raw.includes('\\')) return []
  const bounds = { start: at + 1, end: close }
  const lines = raw.replaceAll('\r\n', '\n')
  const first = text.indexOf(text.charAt(at), at + 1)
  const cut = first < close ? [readingOf(text, at + 1, first)] : []
  const values =
    text.charAt(at) === '"'
      ? [
          lines.replaceAll('\\n', '\n').replaceAll('\\r', '\r'),
          lines.replaceAll('\\n', '\n'),
          lines,
        ]
      : [lines.replaceAll(/\\(['\\])/g, '$1'), lines]
  return [...values.map((value) => ({ value, ...bounds })), ...cut]
}
