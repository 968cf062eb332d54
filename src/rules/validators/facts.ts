/** Builds facts of credentials: dates, and what is known of an AWS account. */
import type { Facts } from '../../model/rule.ts'
import { wordSet } from '../../model/word-set.ts'

/** Returns the facts that are defined. */
export function definedFacts(facts: Readonly<Record<string, string | undefined>>): Facts {
  const defined: Record<string, string> = {}
  for (const [name, value] of Object.entries(facts)) if (value !== undefined) defined[name] = value
  return defined
}

/**
 * Returns a time in Unix seconds as ISO 8601, or undefined for dates that no credential has: before
 * 2005 or after 2100.
 */
export function dateOfSeconds(seconds: unknown): string | undefined {
  if (
    typeof seconds !== 'number' ||
    !(seconds >= Date.UTC(2005) / 1000 && seconds <= Date.UTC(2100) / 1000)
  )
    return undefined
  return new Date(Math.floor(seconds) * 1000).toISOString()
}

/**
 * AWS accounts of canary tokens: their owner is alerted at each use, and their keys open nothing.
 * Sources: trufflehog pkg/detectors/aws/access_keys/canary.go, kingfisher
 * crates/kingfisher-scanner/src/validation/aws.rs.
 */
const thinkstAccounts = wordSet(`
  052310077262 171436882533 534261010715 595918472158 717712589309 819147034852 992382622183
  730335385048 266735846894 893192397702 528757803018 538784191382 729780141977
`)
const otherCanaryAccounts = wordSet(`
  044858866125 251535659677 344043088457 351906852752 390477818340 426127672474 427150556519
  439872796651 445142720921 465867158099 637958123769 693412236332 732624840810 735421457923
  959235150393 982842642351
`)

/** AWS accounts that nobody has, used by emulators and documentation. */
const sampleAccounts: ReadonlyMap<string, string> = new Map([
  ['000000000000', 'account of emulators'],
  ['123456789012', 'account of the documentation'],
])

/**
 * Returns the facts of an AWS account number: `accountId`, `canary` for the service whose canary
 * account it is, and `sample` for an account nobody has.
 */
export function accountFacts(accountId: string | undefined): Facts {
  if (accountId === undefined) return {}
  const sample = sampleAccounts.get(accountId)
  if (sample !== undefined) return { accountId, sample }
  if (thinkstAccounts.has(accountId)) return { accountId, canary: 'bait of Thinkst Canary' }
  return otherCanaryAccounts.has(accountId)
    ? { accountId, canary: 'bait of a canary service' }
    : { accountId }
}
