/** The result of verifying a credential with its provider, as JSON fields and as text. */
import type { Identity, KeyEvents, KeyRecord, Verification } from '../../model/verification.ts'
import { formatCount } from '../terminal/units.ts'

/** The verification as a JSON object. Unknown fields are omitted. */
export function verificationJson({
  status,
  reason,
  identity,
  partition,
  record,
}: Verification): object {
  return {
    status,
    ...(reason !== undefined && { reason }),
    ...(identity && { identity }),
    ...(partition !== undefined && { partition }),
    ...(record && { record }),
  }
}

/**
 * The status, identity and reason in one line. Undefined if the credential was not verified and no
 * reason is recorded. Not escaped.
 */
export function verificationText({ status, reason, identity }: Verification): string | undefined {
  if (status === 'not-tried' && reason === undefined) return undefined
  const owner =
    identity === undefined
      ? ''
      : `, ${identity.kind === 'other' ? '' : `${identity.kind} `}${identity.arn}`
  return `${statusWords[status]}${owner}${reason === undefined ? '' : `: ${reason}`}`
}

const statusWords = {
  live: 'live',
  inactive: 'inactive',
  expired: 'expired',
  mismatch: 'mismatch: the id is live, but the secret belongs to another key',
  unknown: 'unknown',
  'not-tried': 'not tried',
} as const

/** Everything known about the credential, one fact per line, most important first. Not escaped. */
export function verificationLines(verification: Verification): readonly string[] {
  const { identity, partition, record } = verification
  const text = verificationText(verification)
  return [
    ...(text === undefined ? [] : [text]),
    ...(identity === undefined ? [] : identityLines(identity, partition)),
    ...(record === undefined ? [] : recordLines(record)),
  ]
}

function identityLines(
  { account, userId, kind }: Identity,
  partition: string | undefined,
): readonly string[] {
  const place = partition === undefined ? '' : ` (${partition})`
  return [
    `account ${account}${place}, user id ${userId}`,
    ...(kind === 'root' ? ['the root user of the account: no policy can limit it'] : []),
  ]
}

function recordLines(record: KeyRecord): readonly string[] {
  const { profile, askedAs, account, user, isAdministrator, policies, quarantine } = record
  const { events = [], eventsSince, refused } = record
  return [
    `looked up with profile ${profile}${askedAs === undefined ? '' : ` as ${askedAs}`}`,
    ...(account === undefined
      ? []
      : [`account ${account}${user === undefined ? '' : `, user ${user}`}`]),
    ...keyLines(record),
    ...(isAdministrator ? ['ADMINISTRATOR: full access to the account'] : []),
    ...(policies === undefined
      ? []
      : [policies.length === 0 ? 'no policies' : `policies: ${policies.join(', ')}`]),
    ...(quarantine === undefined
      ? []
      : [`AWS has quarantined the user (${quarantine}); the key still works`]),
    ...events.map((regionEvents) => eventsLine(regionEvents, eventsSince)),
    ...refused.map((call) => `lookup failed: ${call}`),
  ]
}

function keyLines({ status, created, ageDays, isOld, lastUsed }: KeyRecord): readonly string[] {
  const age =
    ageDays === undefined
      ? ''
      : ` (${formatCount(ageDays)} days ago${isOld ? ', older than 90 days' : ''})`
  const creation = created === undefined ? '' : `, created ${created.slice(0, 10)}${age}`
  return [
    ...(status === undefined ? [] : [`key ${status}${creation}`]),
    ...(lastUsed === undefined
      ? []
      : [
          lastUsed === null
            ? 'never used'
            : `last used ${lastUsed.date}, ${lastUsed.service} in ${lastUsed.region}`,
        ]),
  ]
}

function eventsLine(
  { region, count, more, first, last, names }: KeyEvents,
  since: string | undefined,
): string {
  const period = since === undefined ? '' : ` since ${since.slice(0, 10)}`
  if (count === 0) return `CloudTrail in ${region}: no events${period}`
  const span = first === undefined || last === undefined ? '' : `, ${first} to ${last}`
  const total = `${more ? 'more than ' : ''}${formatCount(count)} events`
  const calls = names.map(({ name, count: times }) => `${name} ${formatCount(times)}`).join(', ')
  return `CloudTrail in ${region}: ${total}${period}${span}: ${calls}`
}
