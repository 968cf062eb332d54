import type { Validator } from '../rule.ts'

/** What other rules know better, or know to be harmless: public keys, test keys, tokens that say when they end. */
const known = /^(?:pk_|[sr]k_test_|whsec_|eyJ|ya29\.|glcbt-|AIza|A[A-Z]{3}[A-Z2-7]{16}$|ssh-|ENC\[|AQICAH|MI[ICGE][A-Za-z0-9]|\$2[aby]\$|sha\d{1,3}[-:])/

/** A UUID names things; when one is a secret, nothing in it says so. */
const uuid = /^\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i

/** `com.acme.Name`, `path/to/file.txt`, `Namespace::Name`, `{0}`: what programs point with. */
const pointer = /:\/\/|::|^(?:\.{1,2}\/|\/[A-Za-z]{2,12}\/)|\.(?:[a-z]{2,5}|properties)$|[{}()<>$%]/i

/** Why a value under the name of a secret was not drawn at random by a machine; nothing when it looks so. */
function flawOfGeneric(text: string): string | undefined {
  if (known.test(text)) return 'of a form that has its own rule'
  if (uuid.test(text)) return 'a UUID'
  if (pointer.test(text)) return 'points at something'
  if (!/\d/.test(text) || !/[A-Za-z]/.test(text)) return 'digits or letters are missing'
  return isRandom(text) ? undefined : 'made of words'
}

/** Only values that look drawn at random. */
export const validateGenericSecret: Validator = (text) => {
  const reason = flawOfGeneric(text)
  return reason === undefined ? { valid: true } : { valid: false, reason }
}

/**
 * Random text changes between letters and digits, or between small letters and capitals, every second or third character; words
 * and numbers do so at their borders, and words can be said: they have vowels, and few consonants in a row.
 */
function isRandom(text: string): boolean {
  const runs = text.match(/[a-z]+|[A-Z][a-z]+|[A-Z]+|\d+/g) ?? []
  const length = runs.join('').length
  const words = runs.filter(isWord).join('').length
  return runs.length * 4 >= length && words * 2 < length
}

function isWord(run: string): boolean {
  if (!/^[A-Za-z]{4,}$/.test(run) || /[bcdfghjklmnpqrstvwxz]{4}|[jqvwxz]{2}|q(?!u)|^[a-f]+$/i.test(run)) return false
  return run.replaceAll(/[^aeiouy]/gi, '').length * 10 >= run.length * 3
}
