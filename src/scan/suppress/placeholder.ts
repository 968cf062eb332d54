import type { Rule } from '../../model/rule.ts'
import { fillerReason } from './filler.ts'
import { isCommonWord, isPlaceholderPhrase } from './placeholder-words.ts'
import { publishedReason } from './published-samples.ts'
import { referenceReason } from './reference.ts'

/**
 * `ghp_`, `sk-proj-`, `github_pat_`, `SG.`; and four letters that AWS, Google and others begin
 * with.
 */
const issuerPrefix =
  /^(?:(?:[A-Za-z][A-Za-z0-9]{1,9}[-_.]){1,3}|AKIA|ASIA|ABIA|ACCA|ABSK|AIza|LTAI|AKID)/

/**
 * Documentation of AWS marks its keys so, at the end or in the middle. Seven capitals stand at a
 * given place of random base64 once in four trillion times, so that, unlike a word in small letters
 * or a short one, they hide no real key.
 */
const documentation = /EXAMPLE|[-_. ]example(?:[-_. ]?key)?$|^example[-_. ]/

const asked =
  /^(?:your|insert|enter|replace|put|change|fill|add|use)[-_ ][a-z]+(?:[-_ ./'][a-z0-9]{1,20})*$/i
const here = /^[a-z]+(?:[-_ ][a-z0-9]{1,20})*[-_ ](?:goes[-_ ])?here$/i

/**
 * Why `text` stands in for a secret instead of being one, in words and without quoting it.
 * Every test but one is of the whole value or anchored to its ends: a list of words searched within
 * values hides one random key in a thousand.
 * `person` adds the words everybody tries first, which are placeholders where a person may choose.
 */
export function placeholderReason(
  text: string,
  madeBy: Rule['madeBy'] = 'machine',
): string | undefined {
  const value = text.trim()
  if (value.startsWith('-----BEGIN')) return armourReason(value)
  if (value === '') return 'it is empty'
  if (/^[*.\-_xX#?]{3,}$/.test(value) || /\*{3,}/.test(value)) return 'it is masked'
  if (/(?:\.{3}|\u00e2\u0080\u00a6|\u2026)$/.test(value)) return 'it is cut short'
  return (
    referenceReason(value) ??
    formReason(value) ??
    bodyReason(value) ??
    publishedReason(value) ??
    (madeBy === 'person' && isCommonWord(value) ? 'it is a word everybody tries first' : undefined)
  )
}

function formReason(value: string): string | undefined {
  if (documentation.test(value)) return 'it is a documentation sample'
  if (asked.test(value) || here.test(value) || isPlaceholderPhrase(value))
    return 'it asks to be replaced'
  return value.length <= 4096 ? fillerReason(value.toLowerCase()) : undefined
}

/**
 * What stands behind an issuer's prefix is judged alone: a key of one letter is still one behind
 * it.
 */
function bodyReason(value: string): string | undefined {
  const body = value.replace(issuerPrefix, '')
  return body.length < 4 || body === value ? undefined : formReason(body)
}

/**
 * `-----BEGIN PRIVATE KEY-----` with dots, words or nothing where the key would be. The shortest
 * real one has 64 characters.
 */
function armourReason(value: string): string | undefined {
  const body = value
    .replace(/^-----BEGIN[^-]{0,60}-----/, '')
    .replace(/-----END[^-]{0,60}-----[^-]{0,40}$/, '')
    .replaceAll(/\\+[rnt]/g, '')
  const key = body.replaceAll(/[^A-Za-z0-9+/=]/g, '')
  if (key.length < 40) return 'it holds no key'
  return documentation.test(key)
    ? 'it is a documentation sample'
    : fillerReason(key.slice(0, 4096).toLowerCase())
}
