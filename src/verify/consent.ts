/** Consent text of verification. */
import { PARTITIONS, stsHost } from './partitions.ts'
import type { VerifyOptions } from './verify.ts'

/** Consent text, shown before keys are verified: what is sent, to which hosts, and who sees it. */
export function consentText(
  keys: number,
  { canaries, endpoint }: Pick<VerifyOptions, 'canaries' | 'endpoint'>,
): string {
  const [first = '', ...others] = endpoint === undefined ? PARTITIONS.map(stsHost) : [endpoint]
  const bait =
    canaries === true
      ? 'Canary tokens are verified too: their owner is alerted.'
      : 'Known canary tokens are skipped; an unknown one would alert its owner.'
  const keyCount = `${keys} access ${keys === 1 ? 'key' : 'keys'}`
  return [
    `oakum: ${keyCount} can be verified: sts:GetCallerIdentity, signed with the key`,
    '  sent   key id, signature, session token of a temporary key; never the secret',
    `  to     ${first}${others.length === 0 ? '' : '; if it does not know the key, also'}`,
    ...others.map((host) => `         ${host}`),
    '  seen   CloudTrail logs the call in the account of the key, as its last use.',
    `         ${bait}`,
    '',
  ].join('\n')
}
