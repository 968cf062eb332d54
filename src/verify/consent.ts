import { partitions, stsHost } from './partitions.ts'
import type { VerifyOptions } from './verify.ts'

/** What somebody has to know before keys are used: what is sent, where to, and who sees it. */
export function consentText(keys: number, { canaries, endpoint }: Pick<VerifyOptions, 'canaries' | 'endpoint'>): string {
  const [first = '', ...others] = endpoint === undefined ? partitions.map(stsHost) : [endpoint]
  const bait = canaries === true ? 'Bait of canary services is used too, and its owner is told.' : 'Keys of known canary services are left out; any other bait would raise its alarm.'
  return [
    `oakum: ${keys} access ${keys === 1 ? 'key' : 'keys'} can be asked about, with one call each, sts:GetCallerIdentity, signed with the key.`,
    '  sent   the key id, a signature, and the session token of a temporary key; never the secret',
    `  to     ${first}${others.length === 0 ? '' : `; where it does not know the key, to ${others.join(', ')}`}`,
    '  seen   CloudTrail logs it in the account of the key, and it becomes the last use of the key.',
    `         ${bait}`,
    '',
  ].join('\n')
}
