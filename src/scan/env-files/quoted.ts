/** Reads values in quotes, with the escapes and line breaks of each dialect. */
import {
  lineEndOf,
  type ValueToken,
  type ParsedValue,
  valueBetween,
  trimmedEnd,
} from './parsed-value.ts'

/**
 * Limit of a quoted value, in characters. A quote that is not closed within it was not meant to be
 * closed, and a longer value would swallow the rest of a file.
 */
const MAX_QUOTED_LENGTH = 65_536

/** An entry inside a value of several lines: the quote was never closed. */
const entryInside = /\n[ \t]*(?:export[ \t]+)?[A-Z_][A-Z0-9_]*=[^\s=]/

/** Characters that continue a word behind a closing quote, as in a shell's `"a"b`. */
const bareword = /[^\s"'`#,;|&()[\]{}<>]{1,1000}/y

/**
 * Reads the value in quotes (' " `) at `at`; returns undefined if the quote is not closed. With
 * `multiline` the value may span lines; on its own line more parts may follow: `'a'"b"c` is abc in
 * a shell. A `$` before the quote (`$'a\x21'`) adds the escapes of C.
 */
export function readQuoted(text: string, at: number, multiline: boolean): ValueToken | undefined {
  const lineEnd = lineEndOf(text, at)
  const close = closingQuote(
    text,
    at,
    multiline ? Math.min(text.length, at + MAX_QUOTED_LENGTH) : lineEnd,
  )
  if (close === -1) return undefined
  if (close > lineEnd && !closesEntry(text, at, close)) return undefined
  const first: ValueToken = {
    value: decoded(text, at, close),
    start: at + 1,
    end: close,
    next: close + 1,
    alternatives: alternativesOf(text, at, close),
  }
  return close > lineEnd ? first : withNextParts(text, first, lineEnd)
}

/** Reads the value at `at` whose quote is never closed: the rest of its line. */
export function readUnterminated(text: string, at: number): ValueToken {
  const end = trimmedEnd(text, at + 1, lineEndOf(text, at))
  return {
    ...valueBetween(text, at + 1, end),
    next: end,
    alternatives: [valueBetween(text, at, end)],
  }
}

function withNextParts(text: string, first: ValueToken, lineEnd: number): ValueToken {
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
    : {
        ...whole,
        alternatives: [valueBetween(text, first.start, first.end), ...first.alternatives],
      }
}

function closingQuote(text: string, at: number, limit: number): number {
  const quote = text.charAt(at)
  for (let index = at + 1; index < limit; index++) {
    if (text.charAt(index) === '\\') index++
    else if (text.charAt(index) === quote) return index
  }
  return -1
}

/**
 * True when a closing quote on a later line ends the value: only a comment follows it, and no entry
 * lies within.
 */
function closesEntry(text: string, at: number, close: number): boolean {
  const after = text.slice(close + 1, lineEndOf(text, close + 1))
  return (
    /^[ \t]*(?:#.*)?$/.test(after) &&
    !entryInside.test(text.slice(at, close).replaceAll('\r', '\n'))
  )
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

/**
 * Decodes a quoted value. Double quotes have escapes: a backslash before a line's end removes both,
 * and before other characters keeps the character.
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
 * Decodes bash's `$'…'`: `
 * `, `\'`, `\x41`, `\101`, `\u0041`. Characters are bytes, so an escape above 255 stays as written.
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
 * Returns the values of other dialects. dotenv decodes only `
 * ` and `\r` and keeps every other backslash; Node decodes only `
 * ` and ends the value at the first quote; Python reads `\'` in single quotes as a quote.
 */
function alternativesOf(text: string, at: number, close: number): readonly ParsedValue[] {
  const raw = text.slice(at + 1, close)
  if (!raw.includes('\\')) return []
  const bounds = { start: at + 1, end: close }
  const lines = raw.replaceAll('\r\n', '\n')
  const first = text.indexOf(text.charAt(at), at + 1)
  const cut = first < close ? [valueBetween(text, at + 1, first)] : []
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
