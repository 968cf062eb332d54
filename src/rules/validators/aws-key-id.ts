/** Validates AWS access keys, and decodes the account number in their ids. */
import type { Validator } from '../../model/rule.ts'
import { accountFacts } from './facts.ts'

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const keyIdForm = /^A[A-Z]{3}[A-Z2-7]{16}$/
const MAX_ACCOUNT = 999_999_999_999

/**
 * Returns the account number in an access key id, if the id is of the new generation. An id is 20
 * characters of base32, 100 bits: 0-19 the prefix · 20 generation, 1 for new · 21-60 the account,
 * new generation only · 61-99 unknown. The ten characters behind the prefix are 50 bits: one for
 * the generation, 40 for the account and 9 that are ignored. Source: WithSecure Labs, "A bitwise
 * analysis of AWS access key identifiers".
 */
export function accountOfKeyId(id: string): number | undefined {
  if (!keyIdForm.test(id)) return undefined
  let bits = 0
  for (const character of id.slice(4, 14)) bits = bits * 32 + BASE32.indexOf(character)
  const isNew = bits >= 2 ** 49
  return isNew ? Math.floor((bits % 2 ** 49) / 2 ** 9) : undefined
}

/**
 * Rejects ids with an account that cannot exist. Facts: `accountId`, if the id contains it, and
 * `canary`.
 */
export const validateAwsKeyId: Validator = (text) => {
  if (!keyIdForm.test(text)) return { valid: false, reason: 'not 20 characters of base32' }
  const account = accountOfKeyId(text)
  if (account === undefined) return { valid: true }
  if (account > MAX_ACCOUNT) return { valid: false, reason: 'names an account that cannot exist' }
  return { valid: true, facts: accountFacts(String(account).padStart(12, '0')) }
}

/**
 * Accepts 40 characters of random base64, and neither a hexadecimal digest nor characters of one
 * kind.
 */
export const validateAwsSecret: Validator = (text) => {
  if (/^[0-9a-fA-F]{40}$/.test(text)) return { valid: false, reason: 'a hexadecimal digest' }
  const kinds = [/[A-Z]/, /[a-z]/, /[0-9]/].filter((kind) => kind.test(text)).length
  return kinds >= 2
    ? { valid: true }
    : { valid: false, reason: 'of one kind of character, unlike random base64' }
}
