import type { Verification } from '../../model/verification.ts'

/**
 * What a provider said of a credential, in one line and as it came: to be escaped. Nothing where
 * nobody was asked.
 */
export function verificationText({ status, reason, identity }: Verification): string | undefined {
  if (status === 'not-tried' && reason === undefined) return undefined
  const who =
    identity === undefined
      ? ''
      : `, ${identity.kind === 'other' ? '' : `${identity.kind} `}${identity.arn}`
  return `${words[status]}${who}${reason === undefined ? '' : `: ${reason}`}`
}

const words = {
  live: 'live',
  inactive: 'inactive',
  expired: 'expired',
  mismatch: 'mismatch: the id is live, the secret is not its own',
  unknown: 'unknown',
  'not-tried': 'not tried',
} as const
