// Signs that text around a keyword is encoded or split, and worth decoding.
import { MAX_RUN, MIN_RUN } from './decode-margin.ts'

/** The most blanks and operators between two literals that are joined. */
const MAX_LITERAL_GAP = 80

/** Bytes of a line that mail breaks (RFC 2045 allows 76 characters). */
const [MIN_MAIL_LINE, MAX_MAIL_LINE] = [60, 77]

const [TAB, NEWLINE, RETURN, SPACE, QUOTE, HASH, PERCENT, AMPERSAND, APOSTROPHE] = [
  9, 10, 13, 32, 34, 35, 37, 38, 39,
]
const [PLUS, MINUS, COLON, SEMICOLON, EQUALS, GREATER, BACKSLASH, BACKTICK, BAR] = [
  43, 45, 58, 59, 61, 62, 92, 96, 124,
]

/** Classes of bytes, one bit each. */
const BASE64 = 1
/** May stand between two literals that are joined. */
const LITERAL_GAP = 2
const ANY_QUOTE = 4
/** May begin a hint. */
const HINT = 8

const classes = new Uint8Array(256)
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
  classes[char.charCodeAt(0)] = BASE64
for (const char of ' \t\r\n+.&\\<>|_')
  classes[char.charCodeAt(0)] = (classes[char.charCodeAt(0)] ?? 0) | LITERAL_GAP
for (const byte of [QUOTE, APOSTROPHE, BACKTICK]) classes[byte] = ANY_QUOTE | HINT
for (const byte of [PERCENT, AMPERSAND, EQUALS, GREATER, BACKSLASH, BAR])
  classes[byte] = (classes[byte] ?? 0) | HINT

function hasClass(byte: number | undefined, bit: number): boolean {
  return ((classes[byte ?? 0] ?? 0) & bit) !== 0
}

/**
 * True when `[from, to)` has an escape, a literal or a line that continues, a folded block, mail,
 * or a run of base64 that encodes text. Nearly all text around keywords has none of these.
 */
export function hasEncodingHints(bytes: Uint8Array, from: number, to: number): boolean {
  let runStart = from
  for (let at = from; at < to; at += 1) {
    const byteClass = classes[bytes[at] ?? 0] ?? 0
    if ((byteClass & BASE64) !== 0) continue
    const run = at - runStart
    if (run >= MIN_RUN && run <= MAX_RUN && encodesText(bytes, runStart)) return true
    runStart = at + 1
    if ((byteClass & HINT) !== 0 && isHint(bytes, at)) return true
  }
  return to - runStart >= MIN_RUN && encodesText(bytes, runStart)
}

function isHint(bytes: Uint8Array, at: number): boolean {
  const [next = 0, second = 0] = [bytes[at + 1], bytes[at + 2]]
  switch (bytes[at]) {
    case QUOTE:
    case APOSTROPHE:
    case BACKTICK:
      return isLiteralJoin(bytes, at)
    case BACKSLASH:
      return isBackslashEscape(bytes, at)
    case PERCENT:
      return isAsciiCode(next, second)
    case AMPERSAND:
      return next === HASH || isEntity(bytes, at)
    case EQUALS:
      // `=3D`, which precedes codes such as `=2B`; or a line of mail that continues.
      return (next === 51 && second === 68) || (isLineEnd(next, second) && isMailLine(bytes, at))
    case GREATER:
    case BAR:
      return isFoldedBlock(bytes, at)
    default:
      return false
  }
}

/** True for `\/`, `\u002B`, `\x2B`, and for a backslash that continues a line of base64. */
function isBackslashEscape(bytes: Uint8Array, at: number): boolean {
  const [next = 0, second = 0] = [bytes[at + 1], bytes[at + 2]]
  const third = bytes[at + 3]
  switch (String.fromCharCode(next)) {
    case 'u':
      return second === 48 && third === 48 && isAsciiCode(bytes[at + 4], bytes[at + 5])
    case '/':
      return true
    case 'x':
      return isAsciiCode(second, third)
    default:
      return hasClass(bytes[at - 1], BASE64) && isLineEnd(next, second)
  }
}

/** True for `&plus;`, `&sol;`, `&equals;`, `&amp;`, `&quot;`, and not for `&frame);`. */
function isEntity(bytes: Uint8Array, ampersand: number): boolean {
  let at = ampersand + 1
  while (at - ampersand <= 7 && isLetter(bytes[at])) at += 1
  return bytes[at] === SEMICOLON && at - ampersand >= 3
}

/** True for `key: >-⏎    abc⏎`, a block whose first line is only base64. */
function isFoldedBlock(bytes: Uint8Array, indicator: number): boolean {
  if (bytes[indicator - 1] !== SPACE || bytes[indicator - 2] !== COLON) return false
  let at = indicator + 1
  if (bytes[at] === MINUS || bytes[at] === PLUS) at += 1
  if (!isLineEnd(bytes[at] ?? 0, bytes[at + 1] ?? 0)) return false
  while (isWhitespace(bytes[at])) at += 1
  const start = at
  while (hasClass(bytes[at], BASE64)) at += 1
  while (bytes[at] === EQUALS) at += 1
  return at > start && (at >= bytes.length || isLineEnd(bytes[at] ?? 0, bytes[at + 1] ?? 0))
}

/** True when the line that ends at `end` is as long as mail breaks lines. */
function isMailLine(bytes: Uint8Array, end: number): boolean {
  const start = bytes.subarray(Math.max(0, end - MAX_MAIL_LINE), end).lastIndexOf(NEWLINE)
  const length = start < 0 ? end : Math.min(MAX_MAIL_LINE, end) - start
  return length >= MIN_MAIL_LINE && length < MAX_MAIL_LINE && bytes[end - 1] !== EQUALS
}

/**
 * True for a quote that ends a literal when only blanks and operators separate it from the next
 * literal: `abc" + "def`, `abc\" +\n\"def`.
 */
function isLiteralJoin(bytes: Uint8Array, quote: number): boolean {
  let before = quote - 1
  while (bytes[before] === BACKSLASH) before -= 1
  if (!hasClass(bytes[before], BASE64)) return false
  for (let at = quote + 1; at < quote + MAX_LITERAL_GAP; at += 1) {
    if (hasClass(bytes[at], ANY_QUOTE)) return hasClass(bytes[at + 1], BASE64)
    const isEscapedLetter = bytes[at - 1] === BACKSLASH
    const isPatchMarker = bytes[at] === MINUS && bytes[at - 1] === NEWLINE
    if (!hasClass(bytes[at], LITERAL_GAP) && !isEscapedLetter && !isPatchMarker) return false
  }
  return false
}

function isWhitespace(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB || byte === NEWLINE || byte === RETURN
}

function isLineEnd(byte: number, next: number): boolean {
  return byte === NEWLINE || (byte === RETURN && next === NEWLINE)
}

/** True for two hexadecimal digits of a printable ASCII character. */
function isAsciiCode(first = 0, second = 0): boolean {
  return (
    first >= 50 &&
    first <= 55 &&
    ((second >= 48 && second <= 57) ||
      (second >= 65 && second <= 70) ||
      (second >= 97 && second <= 102))
  )
}

function isLetter(byte = 0): boolean {
  return (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122)
}

/** True when the first eight characters of base64 encode readable text. */
function encodesText(bytes: Uint8Array, start: number): boolean {
  const length = Math.min(8, bytes.length - start)
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString('latin1')
  return Buffer.from(text, 'base64').every(
    (byte) => (byte >= 0x20 && byte < 0x7f) || (byte >= 9 && byte <= 13),
  )
}
