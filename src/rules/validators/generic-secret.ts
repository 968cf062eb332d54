/** Validates values that only their name marks as a secret: they must look drawn at random. */
import type { Validator } from '../../model/rule.ts'

/**
 * Forms that other rules handle, or that are harmless: public keys, test keys, certificates,
 * signatures and tokens with an expiry.
 */
const formWithOwnRule = new RegExp(
  [
    String.raw`^(?:pk_|[sr]k_test_|whsec_|eyJ|ya29\.|glcbt-|AIza|A[A-Z]{3}[A-Z2-7]{16}$|ssh-`,
    String.raw`|ENC\[|AQICAH|MI[ICGE][A-Za-z0-9]|ME[QUY]CI|\$2[aby]\$|sha\d{1,3}[-:])`,
  ].join(''),
)

/** A UUID is usually an identifier, and nothing in it says when it is a secret. */
const uuid = /^\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i

/** References in programs: `com.acme.Name`, `path/to/file.txt`, `Namespace::Name`, `{0}`. */
const pointer =
  /:\/\/|::|^(?:\.{1,2}\/|\/[A-Za-z]{2,12}\/)|\.(?:[a-z]{2,5}|properties)$|[{}()<>$%]/i

/**
 * Words that are too long to occur by chance: six given letters occur in forty random ones once in
 * twenty million times.
 */
const placeholderWord = /p[a@4][s5$]{2}w[o0]rd|s[e3]cr[e3]t|example|changeme|placeholder/i

/**
 * Returns the reason why a value under the name of a secret was not drawn at random, or undefined.
 */
export function genericFlaw(text: string): string | undefined {
  if (formWithOwnRule.test(text)) return 'of a form that has its own rule'
  if (uuid.test(text)) return 'a UUID'
  if (pointer.test(text)) return 'points at something'
  if (isSentence(text)) return 'a sentence in base64'
  return !placeholderWord.test(text) && isRandom(text) ? undefined : 'made of words'
}

/** Accepts values that look drawn at random. */
export const validateGenericSecret: Validator = (text) => {
  const reason = genericFlaw(text)
  return reason === undefined ? { valid: true } : { valid: false, reason }
}

/**
 * True for values in which letters and digits, or lower and upper case, alternate every two or
 * three characters. Words and numbers change only at their borders.
 */
function isRandom(text: string): boolean {
  const pieces = text
    .split(/[^A-Za-z0-9]+/)
    .map((piece) => ({ piece, runs: piece.match(/[a-z]+|[A-Z][a-z]+|[A-Z]+|\d+/g) ?? [] }))
  const length = pieces.reduce((sum, { piece }) => sum + piece.length, 0)
  const changes = pieces.reduce((sum, { runs }) => sum + runs.length, 0)
  const words = pieces.reduce(
    (sum, { runs }) => sum + runs.filter((run) => isWord(run, runs.length === 1)).join('').length,
    0,
  )
  return changes * 4 >= length && words * 2 < length
}

/**
 * True for a pronounceable run of letters: it has vowels, and few consonants in a row. A run
 * between separators counts as a word most easily, then a capital followed by lower case, then a
 * run of one case, which chance produces often.
 */
function isWord(run: string, isApart: boolean): boolean {
  if (
    !/^[A-Za-z]{3,}$/.test(run) ||
    /^[a-f]+$|[bcdfghjklmnpqrstvwxz]{4}|[jqvwxz]{2}|q(?!u)/i.test(run)
  )
    return false
  const vowels = run.replaceAll(/[^aeiouy]/gi, '').length
  if (isApart) return vowels > 0
  return run.length >= 4 && (/^[A-Z][a-z]+$/.test(run) ? vowels > 0 : vowels * 10 >= run.length * 3)
}

/**
 * True for text in base64 (`dGhpcyBpcyBub3QgcmVhbA`), also with its first characters cut off:
 * printable characters with two blanks, apart from the first bytes.
 */
function isSentence(text: string): boolean {
  if (!/^[A-Za-z0-9+/_-]{20,}={0,2}$/.test(text)) return false
  return [0, 1, 2, 3].some((cut) => {
    const decoded = Buffer.from(text.slice(cut), 'base64').toString('latin1')
    return /^[^]{0,2}[\x20-\x7e]+[^]?$/.test(decoded) && /\S \S+ \S/.test(decoded)
  })
}
