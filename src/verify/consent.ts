import { PARTITIONS, stsHost } from './partitions.ts'
import type { VerifyOptions } from './verify.ts'

/** What somebody has to know before keys are used: what is sent, where to, and who sees it. */
export function consentText(
  keys: number,
  { canaries, endpoint }: Pick<VerifyOptions, 'canaries' | 'endpoint'>,
): string {
  const [first = '', ...others] = endpoint === undefined ? PARTITIONS.map(stsHost) : [endpoint]
  const bait =
    canaries === true
      ? 'Bait of canary services is used too, and its owner is told.'
      : 'Known canary services are left out; other bait would raise its alarm.'
  return [
    `oakum: ${keys} access ${keys === 1 ? 'key' : 'keys'} can be asked about: sts:GetCallerIdentity, signed with the key`,
    '  sent   key id, signature, session token of a temporary key; never the secret',
    `  to     ${first}${others.length === 0 ? '' : '; where it does not know the key, to'}`,
    ...others.map((host) => `         ${host}`),
    '  seen   CloudTrail logs it in the account of the key, as its last use.',
    `         ${bait}`,
    '',
  ].join('\n')
}
