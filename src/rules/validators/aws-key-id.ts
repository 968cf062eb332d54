import type { Validator } from '../../model/rule.ts'
import { accountFacts } from './aws-account.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const form = /^A[A-Z]{3}[A-Z2-7]{16}$/
const largestAccount = 999_999_999_999

/**
 * An access key id is 20 characters of base32, 100 bits:
 * 0-19 the prefix · 20 generation, 1 for new · 21-60 the account, new generation only · 61-99
 * unknown. So the ten characters after the prefix are 50 bits, of which the first tells the
 * generation, the next 40 the account, and the last 9 are not ours. Source: WithSecure Labs, "A
 * bitwise analysis of AWS access key identifiers".
 */
export function accountOfKeyId(id: string): number | undefined {
  if (!form.test(id)) return undefined
  let bits = 0
  for (const character of id.slice(4, 14)) bits = bits * 32 + alphabet.indexOf(character)
  const isNew = bits >= 2 ** 49
  return isNew ? Math.floor((bits % 2 ** 49) / 2 ** 9) : undefined
}

/**
 * Rules out ids whose account could not exist. Facts: `accountId`, where the id tells it, and
 * `canary`.
 */
export const validateAwsKeyId: Validator = (text) => {
  if (!form.test(text)) return { valid: false, reason: 'not 20 characters of base32' }
  const account = accountOfKeyId(text)
  if (account === undefined) return { valid: true }
  if (account > largestAccount)
    return { valid: false, reason: 'names an account that cannot exist' }
  return { valid: true, facts: accountFacts(String(account).padStart(12, '0')) }
}

/**
 * A secret is 40 characters of random base64: neither a hexadecimal digest nor of one kind of
 * letter.
 */
export const validateAwsSecret: Validator = (text) => {
  if (/^[0-9a-fA-F]{40}$/.test(text)) return { valid: false, reason: 'a hexadecimal digest' }
  const kinds = [/[A-Z]/, /[a-z]/, /[0-9]/].filter((kind) => kind.test(text)).length
  return kinds >= 2
    ? { valid: true }
    : { valid: false, reason: 'of one kind of character, unlike random base64' }
}
