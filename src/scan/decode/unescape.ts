import { type MappedText, type Replacement, rewrite } from './mapped-text.ts'

const named: Readonly<Record<string, string>> = {
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
const letters: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

/**
 * Escapes of JSON, of source code, of addresses and of markup. Text within text within text has
 * more backslashes:
 *
 *     abc\/def   abc\u002Bdef   abc\x2fdef   {\"key\":\"abc\\\/def\"}   line\nline   abc%2Fdef   abc&#x2F;def   abc&#43;def   abc&plus;def
 */
const escapes =
  /\\{1,15}(?:u00([2-7][0-9A-Fa-f])|x([2-7][0-9A-Fa-f])|([/"'`nrt]))|%([2-7][0-9A-Fa-f])|&(?:#(\d{2,3})|#[xX]0{0,2}([2-7][0-9A-Fa-f])|([A-Za-z]{2,7}));/g

/** An address in an address has `%252F`. */
const ROUNDS = 2

/** Reads every escape as the character it stands for; the same object where there is none. */
export function unescapeText(source: MappedText): MappedText {
  let text = source
  for (let round = 0; round < ROUNDS; round += 1) text = rewrite(text, escapes, characterOf)
  return text
}

function characterOf([, unicode, hex, char, percent, decimal, entity, name]: RegExpExecArray):
  | Replacement
  | undefined {
  const code = unicode ?? hex ?? percent ?? entity
  if (code !== undefined) return { text: String.fromCharCode(Number.parseInt(code, 16)) }
  if (decimal !== undefined)
    return Number(decimal) < 127 ? { text: String.fromCharCode(Number(decimal)) } : undefined
  const text = char === undefined ? named[name?.toLowerCase() ?? ''] : (letters[char] ?? char)
  return text === undefined ? undefined : { text }
}
