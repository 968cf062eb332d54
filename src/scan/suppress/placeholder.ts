/** Recognizes values that stand in for a secret: samples, masked values, references and fillers. */
import type { Rule } from '../../model/rule.ts'
import { fillerReason } from './filler.ts'
import { isCommonWord, isPlaceholderPhrase } from './placeholder-words.ts'
import { publishedReason } from './published-samples.ts'
import { referenceReason } from './reference.ts'

/**
 * Prefixes of issuers: `ghp_`, `sk-proj-`, `github_pat_`, `SG.`, and the first four letters of keys
 * of AWS, Google and others.
 */
const issuerPrefix = /^(?:[A-Za-z][A-Za-z0-9]{1,9}[-_.]|AKIA|ASIA|ABIA|ACCA|ABSK|AIza|LTAI|AKID)/

/**
 * AWS documentation marks its sample keys with this word at the end or in the middle. Seven given
 * capitals occur at a given position of random base64 once in four trillion times, so unlike a
 * short or lower-case word they hide no real key.
 */
const documentationSample = /EXAMPLE|[-_. ]example(?:[-_. ]?key)?$|^example[-_. ]/

/** Parts of a prefix such as `sk-proj-`. */
const MAX_PREFIX_PARTS = 3

const replaceMe =
  /^(?:your|insert|enter|replace|put|change|fill|add|use)[-_ ][a-z]+(?:[-_ ./'][a-z0-9]{1,20})*$/i
const goesHere = /^[a-z]+(?:[-_ ][a-z0-9]{1,20})*[-_ ](?:goes[-_ ])?here$/i

/**
 * Returns the reason, in words and without quoting it, why `text` is a placeholder; else undefined.
 * All tests but one match the whole value or are anchored to its ends: a list of words searched
 * within values would hide one random key in a thousand. With `person`, passwords that everybody
 * tries first are placeholders too.
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
  if (documentationSample.test(value)) return 'it is a documentation sample'
  if (replaceMe.test(value) || goesHere.test(value) || isPlaceholderPhrase(value))
    return 'it asks to be replaced'
  return value.length <= 4096 ? fillerReason(value.toLowerCase()) : undefined
}

/** Tests the value behind an issuer's prefix on its own: `ghp_xxxxxxxx` is still a placeholder. */
function bodyReason(value: string): string | undefined {
  for (let body = value, count = 0; count < MAX_PREFIX_PARTS; count += 1) {
    const rest = body.replace(issuerPrefix, '')
    if (rest.length < 4 || rest === body) return undefined
    const reason = formReason(rest)
    if (reason !== undefined) return reason
    body = rest
  }
  return undefined
}

/**
 * Tests an armoured key: `-----BEGIN PRIVATE KEY-----` with dots, words or nothing as its body. The
 * shortest real key has 64 characters.
 */
function armourReason(value: string): string | undefined {
  const body = value
    .replace(/^-----BEGIN[^-]{0,60}-----/, '')
    .replace(/-----END[^-]{0,60}-----[^-]{0,40}$/, '')
    .replaceAll(/\\+[rnt]/g, '')
  const key = body.replaceAll(/[^A-Za-z0-9+/=]/g, '')
  if (key.length < 40) return 'it holds no key'
  return documentationSample.test(key)
    ? 'it is a documentation sample'
    : fillerReason(key.slice(0, 4096).toLowerCase())
}
