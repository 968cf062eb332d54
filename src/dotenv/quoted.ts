/** A value as it stands in the text. */
export interface RawValue {
  /** Without quotes and with escapes decoded. */
  readonly value: string
  readonly start: number
  readonly end: number
  /** Where reading goes on. */
  readonly next: number
}

/** A quote that is not closed so soon was not meant to be closed: a longer value would swallow the rest of a file. */
const maxQuoted = 65_536

/** An entry inside a value over several lines means that its quote was never closed. */
const entryInside = /\n[ \t]*(?:export[ \t]+)?[A-Z_][A-Z0-9_]*=[^\s=]/

/**
 * The value in quotes (' " `) at `at`, or nothing if it is not closed. It may go over several lines (`multiline`), and on its own line it may
 * be followed by more quoted parts: `'a'"b"` is ab in a shell.
 */
export function readQuoted(text: string, at: number, multiline: boolean): RawValue | undefined {
  const lineEnd = lineEndOf(text, at)
  const close = closingQuote(text, at, multiline ? Math.min(text.length, at + maxQuoted) : lineEnd)
  if (close === -1) return undefined
  if (close > lineEnd && !closesEntry(text, at, close)) return undefined
  const first: RawValue = { value: decoded(text, at, close), start: at + 1, end: close, next: close + 1 }
  return close > lineEnd ? first : withNextParts(text, first, lineEnd)
}

/** What stands at `at` when its quote is never closed: the rest of its line. */
export function readUnterminated(text: string, at: number): RawValue {
  const end = trimmedEnd(text, at + 1, lineEndOf(text, at))
  return { value: text.slice(at + 1, end), start: at + 1, end, next: end }
}

/** Index of the `\r` or `\n` that ends the line of `at`, or of the end of the text. */
export function lineEndOf(text: string, at: number): number {
  for (let index = at; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === 10 || code === 13) return index
  }
  return text.length
}

/** `end` without blanks before it, but not before `start`. */
export function trimmedEnd(text: string, start: number, end: number): number {
  let index = end
  while (index > start && /[ \t\v\f]/.test(text.charAt(index - 1))) index--
  return index
}

function withNextParts(text: string, first: RawValue, lineEnd: number): RawValue {
  let whole = first
  while (/["'`]/.test(text.charAt(whole.next)) && whole.next < lineEnd) {
    const close = closingQuote(text, whole.next, lineEnd)
    if (close === -1) break
    whole = { value: whole.value + decoded(text, whole.next, close), start: whole.start, end: close, next: close + 1 }
  }
  return whole
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
  return /^[ \t]*(?:#.*)?$/.test(after) && !entryInside.test(text.slice(at, close).replaceAll('\r', '\n'))
}

/** Only double quotes have escapes; what a backslash makes of other characters is that character. */
function decoded(text: string, at: number, close: number): string {
  const raw = text.slice(at + 1, close).replaceAll('\r\n', '\n')
  if (text.charAt(at) !== '"') return raw
  return raw.replaceAll(/\\([^])/g, (_, char: string) => ({ n: '\n', r: '\r', t: '\t' })[char] ?? (/["\\$`/]/.test(char) ? char : `\\${char}`))
}
