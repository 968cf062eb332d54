/** What was learned of a credential, as fields and as lines. */
import type { KeyEvents, KeyRecord, Verification } from '../../model/verification.ts'
import { formatCount } from '../terminal/units.ts'
import { verificationText } from './verified.ts'

/** For programs: what is not known is left out. */
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
 * For people, the most important first; nothing where nobody was asked and nothing is to be said.
 * Not escaped.
 */
export function verificationLines(verification: Verification): readonly string[] {
  const { identity, partition, record } = verification
  const text = verificationText(verification)
  return [
    ...(text === undefined ? [] : [text]),
    ...(identity === undefined
      ? []
      : [
          `account ${identity.account}${partition === undefined ? '' : ` (${partition})`}, user id ${identity.userId}`,
        ]),
    ...(identity?.kind === 'root'
      ? ['the root user of its account: nothing can limit what it does']
      : []),
    ...(record === undefined ? [] : recordLines(record)),
  ]
}

function recordLines(record: KeyRecord): readonly string[] {
  const {
    profile,
    askedAs,
    account,
    user,
    status,
    created,
    ageDays,
    isOld,
    lastUsed,
    policies,
    isAdministrator,
    quarantine,
    events = [],
    eventsSince,
    refused,
  } = record
  const age =
    created === undefined
      ? ''
      : `, made ${created.slice(0, 10)}${ageDays === undefined ? '' : `, ${formatCount(ageDays)} days ago${isOld ? ': older than 90 days' : ''}`}`
  return [
    `asked with profile ${profile}${askedAs === undefined ? '' : ` as ${askedAs}`}`,
    ...(account === undefined
      ? []
      : [`account ${account}${user === undefined ? '' : `, user ${user}`}`]),
    ...(status === undefined ? [] : [`key ${status}${age}`]),
    ...(lastUsed === undefined
      ? []
      : [
          lastUsed === null
            ? 'never used'
            : `last used ${lastUsed.date}, ${lastUsed.service} in ${lastUsed.region}`,
        ]),
    ...(isAdministrator ? ['ADMINISTRATOR: it may do everything in its account'] : []),
    ...(policies === undefined
      ? []
      : [policies.length === 0 ? 'no policies' : `policies: ${policies.join(', ')}`]),
    ...(quarantine === undefined
      ? []
      : [`AWS has quarantined the user (${quarantine}); the key still works`]),
    ...events.map((one) => eventsLine(one, eventsSince)),
    ...refused.map((one) => `not answered: ${one}`),
  ]
}

function eventsLine(
  { region, count, more, first, last, names }: KeyEvents,
  since: string | undefined,
): string {
  const when = since === undefined ? '' : ` since ${since.slice(0, 10)}`
  if (count === 0) return `CloudTrail in ${region}: no use${when}`
  const span = first === undefined || last === undefined ? '' : `, ${first} to ${last}`
  return `CloudTrail in ${region}: ${formatCount(count)}${more ? ' and more' : ''} uses${when}${span}: ${names.map(({ name, count: times }) => `${name} ${formatCount(times)}`).join(', ')}`
}
