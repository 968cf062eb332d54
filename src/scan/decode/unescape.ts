// Escapes of source code, JSON, URLs and markup, and quoted-printable.
import { type MappedText, type Replacement, replaceMatches } from './mapped-text.ts'

const namedEntities: Readonly<Record<string, string>> = {
  quot: '"',
  apos: "'",
  amp: '&',
  lt: '<',
  gt: '>',
  plus: '+',
  sol: '/',
  equals: '=',
  nbsp: ' ',
  tab: '\t',
  newline: '\n',
}
const escapedLetters: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

/**
 * Escapes of JSON, source code, URLs and markup. Text that is quoted several times has several
 * backslashes:
 *
 *     abc\/def   abc\u002Bdef   abc\x2fdef   {\"key\":\"abc\\\/def\"}   line\nline
 *     abc%2Fdef   abc&#x2F;def   abc&#43;def   abc&plus;def
 */
const escapes = new RegExp(
  [
    String.raw`\\{1,15}(?:u00([2-7][0-9A-Fa-f])|x([2-7][0-9A-Fa-f])|([/"'\x60nrt]))`,
    '%([2-7][0-9A-Fa-f])',
    String.raw`&(?:#(\d{2,3})|#[xX]0{0,2}([2-7][0-9A-Fa-f])|([A-Za-z]{2,7}));`,
  ].join('|'),
  'g',
)

/** A URL within a URL has `%252F`. */
const MAX_ROUNDS = 2

/** Replaces escapes by their characters. Returns the same object when there are none. */
export function unescapeText(source: MappedText): MappedText {
  let text = source
  for (let round = 0; round < MAX_ROUNDS; round += 1)
    text = replaceMatches(text, escapes, characterOf)
  return text
}

function characterOf([, unicode, hex, char, percent, decimal, entity, name]: RegExpExecArray):
  | Replacement
  | undefined {
  const code = unicode ?? hex ?? percent ?? entity
  if (code !== undefined) return { text: String.fromCharCode(Number.parseInt(code, 16)) }
  if (decimal !== undefined)
    return Number(decimal) < 127 ? { text: String.fromCharCode(Number(decimal)) } : undefined
  const text =
    char === undefined ? namedEntities[name?.toLowerCase() ?? ''] : (escapedLetters[char] ?? char)
  return text === undefined ? undefined : { text }
}

/** Signs of mail that are rare elsewhere: an escaped `=`, or a full line that `=` continues. */
const quotedPrintableSign = /=3D|(?<![^\n])[^\n]{60,76}=\r?\n/

/** Codes of `KEY=3Dabc=2Fdef` and of `KEY=3Dabc=⏎def`. */
const quotedPrintableCodes = /=(?:\r?\n|([2-7][0-9A-F]))/g

/**
 * True when text is likely quoted-printable. In other text, `=` and two digits can stand for
 * themselves.
 */
export function isQuotedPrintable(text: string): boolean {
  // Cheap checks first, since the pattern counts the characters of every line.
  const hasCode = text.includes('=3D') || text.includes('=\n') || text.includes('=\r\n')
  return hasCode && quotedPrintableSign.test(text)
}

/** Decodes quoted-printable text (RFC 2045). */
export function decodeQuotedPrintable(source: MappedText): MappedText {
  return replaceMatches(source, quotedPrintableCodes, ([, hex]) => ({
    text: hex === undefined ? '' : String.fromCharCode(Number.parseInt(hex, 16)),
  }))
}
