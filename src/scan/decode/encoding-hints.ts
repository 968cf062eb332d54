import { MAX_RUN, MIN_RUN } from './decode-margin.ts'

/** As many blanks and operators may stand between two literals that are one. */
const MAX_SEAM = 80

/** A line that mail cuts has so many characters (RFC 2045 allows 76). */
const [MIN_CUT, MAX_CUT] = [60, 77]

const [
  TAB,
  NEWLINE,
  RETURN,
  SPACE,
  QUOTE,
  PERCENT,
  AMPERSAND,
  APOSTROPHE,
  MINUS,
  SEMICOLON,
  EQUALS,
  GREATER,
  BACKSLASH,
  BACKTICK,
  BAR,
] = [9, 10, 13, 32, 34, 37, 38, 39, 45, 59, 61, 62, 92, 96, 124]

/**
 * 1 for base64, 2 for what may stand between two literals, 4 for quotes, 8 for all that a sign
 * begins with.
 */
const kinds = new Uint8Array(256)
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
  kinds[char.charCodeAt(0)] = 1
for (const char of ' \t\r\n+.&\\<>|_')
  kinds[char.charCodeAt(0)] = (kinds[char.charCodeAt(0)] ?? 0) | 2
for (const byte of [QUOTE, APOSTROPHE, BACKTICK]) kinds[byte] = 4 | 8
for (const byte of [PERCENT, AMPERSAND, EQUALS, GREATER, BACKSLASH, BAR])
  kinds[byte] = (kinds[byte] ?? 0) | 8

/**
 * Do bytes have anything that reads otherwise: an escape, a literal or a line that goes on, a
 * folded block, mail, or a run of base64 that spells text? Nearly all that stands around keywords
 * has nothing of it, and is not looked at again.
 */
export function hasEncodingHints(bytes: Uint8Array, from: number, to: number): boolean {
  let start = from
  for (let at = from; at < to; at += 1) {
    const kind = kinds[bytes[at] ?? 0] ?? 0
    if ((kind & 1) !== 0) continue
    const run = at - start
    if (run >= MIN_RUN && run <= MAX_RUN && spellsText(bytes, start)) return true
    start = at + 1
    if ((kind & 8) !== 0 && isSign(bytes, at, kind)) return true
  }
  return to - start >= MIN_RUN && spellsText(bytes, start)
}

function isSign(bytes: Uint8Array, at: number, kind: number): boolean {
  if ((kind & 4) !== 0) return isSeam(bytes, at)
  const [next, second] = [bytes[at + 1] ?? 0, bytes[at + 2] ?? 0]
  switch (bytes[at]) {
    case BACKSLASH:
      // \/ \u002B \x2B, and abc\⏎ that goes on.
      if (next === 117)
        return second === 48 && bytes[at + 3] === 48 && isAscii(bytes[at + 4], bytes[at + 5])
      return (
        next === 47 ||
        (next === 120 && isAscii(second, bytes[at + 3])) ||
        (isBase64(bytes[at - 1]) && isLineEnd(next, second))
      )
    case PERCENT:
      return isAscii(next, second)
    case AMPERSAND:
      return next === 35 || isEntity(bytes, at)
    case EQUALS:
      // =3D, and =2B after it; or a line of mail that goes on.
      return (next === 51 && second === 68) || (isLineEnd(next, second) && isCutLine(bytes, at))
    case GREATER:
    case BAR:
      return isFold(bytes, at)
    default:
      return false
  }
}

/** &plus; &sol; &equals; &amp; &quot; and not `&frame);` */
function isEntity(bytes: Uint8Array, ampersand: number): boolean {
  let at = ampersand + 1
  while (at - ampersand <= 7 && isLetter(bytes[at])) at += 1
  return bytes[at] === SEMICOLON && at - ampersand >= 3
}

/** `key: >-⏎    abc⏎`: a block whose first line is base64 and nothing else. */
function isFold(bytes: Uint8Array, bar: number): boolean {
  if (bytes[bar - 1] !== SPACE || bytes[bar - 2] !== 58) return false
  let at = bar + 1
  if (bytes[at] === MINUS || bytes[at] === 43) at += 1
  if (!isLineEnd(bytes[at] ?? 0, bytes[at + 1] ?? 0)) return false
  while (isBlank(bytes[at])) at += 1
  const start = at
  while (isBase64(bytes[at])) at += 1
  while (bytes[at] === EQUALS) at += 1
  return at > start && (at >= bytes.length || isLineEnd(bytes[at] ?? 0, bytes[at + 1] ?? 0))
}

function isCutLine(bytes: Uint8Array, end: number): boolean {
  const start = bytes.subarray(Math.max(0, end - MAX_CUT), end).lastIndexOf(NEWLINE)
  const length = start < 0 ? end : Math.min(MAX_CUT, end) - start
  return length >= MIN_CUT && length < MAX_CUT && bytes[end - 1] !== EQUALS
}

/**
 * A quote that ends a literal, with a second one behind nothing but blanks and operators: `abc" +
 * "def`, `abc\" +\n\"def`.
 */
function isSeam(bytes: Uint8Array, quote: number): boolean {
  let before = quote - 1
  while (bytes[before] === BACKSLASH) before -= 1
  if (!isBase64(bytes[before])) return false
  for (let at = quote + 1; at < quote + MAX_SEAM; at += 1) {
    const kind = kinds[bytes[at] ?? 0] ?? 0
    if ((kind & 4) !== 0) return isBase64(bytes[at + 1])
    // The letter of \n, \r or \t; and what begins a line of a patch.
    if (
      (kind & 2) === 0 &&
      bytes[at - 1] !== BACKSLASH &&
      !(bytes[at] === MINUS && bytes[at - 1] === NEWLINE)
    )
      return false
  }
  return false
}

function isBase64(byte: number | undefined): boolean {
  return ((kinds[byte ?? 0] ?? 0) & 1) !== 0
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB || byte === NEWLINE || byte === RETURN
}

function isLineEnd(byte: number, next: number): boolean {
  return byte === NEWLINE || (byte === RETURN && next === NEWLINE)
}

/** Two hexadecimal digits of a character that is neither a control character nor beyond ASCII. */
function isAscii(first = 0, second = 0): boolean {
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

/** Do the first eight characters of base64 stand for six of readable text? */
function spellsText(bytes: Uint8Array, start: number): boolean {
  const head = Buffer.from(
    bytes.buffer,
    bytes.byteOffset + start,
    Math.min(8, bytes.length - start),
  ).toString('latin1')
  return Buffer.from(head, 'base64').every(
    (byte) => (byte >= 0x20 && byte < 0x7f) || (byte >= 9 && byte <= 13),
  )
}
