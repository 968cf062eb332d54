import type { Facts } from '../../model/rule.ts'

/**
 * Accounts whose keys are bait: their owner is told of each use, and a key of theirs opens nothing.
 * Sources: trufflehog pkg/detectors/aws/access_keys/canary.go, kingfisher
 * crates/kingfisher-scanner/src/validation/aws.rs.
 */
const ofThinkst = new Set(
  (
    '052310077262 171436882533 534261010715 595918472158 717712589309 819147034852 992382622183 730335385048 266735846894 893192397702 ' +
    '528757803018 538784191382 729780141977'
  ).split(' '),
)
const ofOthers = new Set(
  (
    '044858866125 251535659677 344043088457 351906852752 390477818340 426127672474 427150556519 439872796651 445142720921 465867158099 ' +
    '637958123769 693412236332 732624840810 735421457923 959235150393 982842642351'
  ).split(' '),
)

/** Accounts that nobody has: emulators give ids of these out, and documentation names them. */
const ofNobody: ReadonlyMap<string, string> = new Map([
  ['000000000000', 'account of emulators'],
  ['123456789012', 'account of the documentation'],
])

/**
 * Facts of an account's number: `accountId`; `canary`, whose bait it is, and `sample`, for those
 * that are known for it.
 */
export function accountFacts(accountId: string | undefined): Facts {
  if (accountId === undefined) return {}
  const sample = ofNobody.get(accountId)
  if (sample !== undefined) return { accountId, sample }
  if (ofThinkst.has(accountId)) return { accountId, canary: 'bait of Thinkst Canary' }
  return ofOthers.has(accountId) ? { accountId, canary: 'bait of a canary service' } : { accountId }
}
