import type { Validator } from '../../model/rule.ts'

/**
 * What other rules know better, or know to be harmless: public keys, test keys, certificates,
 * signatures, tokens that say when they end.
 */
const known =
  /^(?:pk_|[sr]k_test_|whsec_|eyJ|ya29\.|glcbt-|AIza|A[A-Z]{3}[A-Z2-7]{16}$|ssh-|ENC\[|AQICAH|MI[ICGE][A-Za-z0-9]|ME[QUY]CI|\$2[aby]\$|sha\d{1,3}[-:])/

/** A UUID names things; when one is a secret, nothing in it says so. */
const uuid = /^\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i

/** `com.acme.Name`, `path/to/file.txt`, `Namespace::Name`, `{0}`: what programs point with. */
const pointer =
  /:\/\/|::|^(?:\.{1,2}\/|\/[A-Za-z]{2,12}\/)|\.(?:[a-z]{2,5}|properties)$|[{}()<>$%]/i

/**
 * Words long enough that chance does not write them: six letters stand in forty random ones once in
 * twenty million times.
 */
const telling = /p[a@4][s5$]{2}w[o0]rd|s[e3]cr[e3]t|example|changeme|placeholder/i

/**
 * Why a value under the name of a secret was not drawn at random by a machine; nothing when it
 * looks so.
 */
function flawOfGeneric(text: string): string | undefined {
  if (known.test(text)) return 'of a form that has its own rule'
  if (uuid.test(text)) return 'a UUID'
  if (pointer.test(text)) return 'points at something'
  if (isSentence(text)) return 'a sentence in base64'
  return !telling.test(text) && isRandom(text) ? undefined : 'made of words'
}

/** Only values that look drawn at random. */
export const validateGenericSecret: Validator = (text) => {
  const reason = flawOfGeneric(text)
  return reason === undefined ? { valid: true } : { valid: false, reason }
}

/**
 * Random text changes between letters and digits, or between small letters and capitals, every
 * second or third character; words and numbers do so at their borders.
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
 * Words can be said: they have vowels, and few consonants in a row. What stands between separators
 * is a word soonest, then a capital and small letters, then a run of one case, of which chance
 * makes many.
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
 * `dGhpcyBpcyBub3QgcmVhbA`, also where its first characters were cut off: text with two blanks,
 * whatever the first bytes are.
 */
function isSentence(text: string): boolean {
  if (!/^[A-Za-z0-9+/_-]{20,}={0,2}$/.test(text)) return false
  return [0, 1, 2, 3].some((cut) => {
    const decoded = Buffer.from(text.slice(cut), 'base64').toString('latin1')
    return /^[^]{0,2}[\x20-\x7e]+[^]?$/.test(decoded) && /\S \S+ \S/.test(decoded)
  })
}
