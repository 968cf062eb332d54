/**
 * `--with-profile`: what the owner's account says of key ids that were found. No found secret is
 * used or sent.
 */
import pLimit from 'p-limit'
import { compareFindings } from '../scan/findings/order.ts'
import type { Finding } from '../model/model.ts'
import type { KeyEvents, KeyRecord } from '../model/verification.ts'
import { answerOfError } from './answer.ts'
import { lookUpEvents } from './cloudtrail.ts'
import { Connection } from './connection.ts'
import { accountOfId, isTemporary, keyIdOf } from './credential.ts'
import { Iam, summarizePolicies } from './iam.ts'
import { openOwner, type Owner } from './owner.ts'
import { partitionOf } from './partitions.ts'
import { afterVerification } from './severity.ts'
import type { VerifyOptions } from './verify.ts'

export interface LookUpOptions extends Omit<VerifyOptions, 'canaries'> {
  readonly profile: string
  /** The code of an MFA device, asked for on the terminal; undefined where nobody can be asked. */
  readonly askCode: (device: string) => Promise<string | undefined>
}

/** CloudTrail keeps so much. */
const CLOUDTRAIL_RETENTION_MS = 90 * 24 * 3600 * 1000
const MAX_REGIONS = 6

interface LookUpContext {
  readonly connection: Connection
  readonly owner: Owner
  readonly iam: Iam
  readonly signal: AbortSignal
  readonly profile: string
  readonly now: number
}

/** Looks up every key id among the findings, lone ones too. Gives all findings, worst first. */
export async function lookUp(
  findings: readonly Finding[],
  options: LookUpOptions,
): Promise<readonly Finding[]> {
  const {
    profile,
    signal = new AbortController().signal,
    accounts,
    onProgress,
    endpoint,
    timeoutMs = 10_000,
  } = options
  const byId = new Map<string, Finding[]>()
  for (const finding of findings) {
    const id = keyIdOf(finding)
    if (id !== undefined && (accounts === undefined || accounts.includes(accountOfId(id) ?? '')))
      byId.set(id, [...(byId.get(id) ?? []), finding])
  }
  if (byId.size === 0) return findings
  const connection = new Connection({ timeoutMs, ...(endpoint !== undefined && { endpoint }) })
  const records = new Map<Finding, KeyRecord>()
  try {
    const owner = await openOwner({
      connection,
      profile,
      signal,
      askCode: options.askCode,
      hints: [...byId.values()].flat().flatMap(({ regions = [] }) => regions),
    })
    let done = 0
    const limit = pLimit(options.concurrency ?? 2)
    await Promise.all(
      Array.from(byId, ([id, group]) =>
        limit(async () => {
          const record =
            typeof owner === 'string'
              ? { profile, refused: [`profile ${profile}: ${owner}`] }
              : await lookUpKey(id, group, {
                  connection,
                  owner,
                  iam: new Iam(connection, owner, signal),
                  signal,
                  profile,
                  now: Date.now(),
                })
          for (const finding of group) records.set(finding, record)
          done += 1
          onProgress?.(done, byId.size)
        }),
      ),
    )
  } finally {
    connection.close()
  }
  return findings
    .map((finding) => withRecord(finding, records.get(finding)))
    .toSorted(compareFindings)
}

/**
 * What the account says of a status is as good as an answer to the key itself, unless that was
 * taken.
 */
function withRecord(finding: Finding, record: KeyRecord | undefined): Finding {
  if (record === undefined) return finding
  const { verification } = finding
  const isOff = record.status === 'Inactive' || record.status === 'Missing'
  if (!isOff || verification.status === 'live')
    return { ...finding, verification: { ...verification, record } }
  const reason =
    record.status === 'Missing'
      ? 'its user has no such key any more: it was deleted'
      : 'its account says that it is inactive'
  return afterVerification(finding, { ...verification, status: 'inactive', reason, record })
}

async function lookUpKey(
  id: string,
  group: readonly Finding[],
  course: LookUpContext,
): Promise<KeyRecord> {
  const { owner, iam, profile, now, signal } = course
  const refused: string[] = []
  const ask = async <T>(action: string, call: () => Promise<T>): Promise<T | undefined> => {
    if (signal.aborted) return undefined
    try {
      return await call()
    } catch (error) {
      const answer = answerOfError(error)
      refused.push(
        `${action}: ${answer.kind === 'refused' ? answer.code : answer.kind === 'silent' ? answer.why : ''}`,
      )
      return undefined
    }
  }
  const account =
    (await ask('sts:GetAccessKeyInfo', () => owner.sts.accountOf(id, signal))) ?? accountOfId(id)
  const base: KeyRecord = {
    profile,
    askedAs: owner.arn,
    ...(account !== undefined && { account }),
    refused,
  }
  if (account !== undefined && account !== owner.account)
    return {
      ...base,
      refused: [
        ...refused,
        `iam and cloudtrail: the key is of account ${account}, and the profile of account ${owner.account}`,
      ],
    }
  const used = isTemporary(id)
    ? undefined
    : await ask('iam:GetAccessKeyLastUsed', () => iam.lastUsed(id))
  const user = used?.user
  const key =
    user === undefined
      ? undefined
      : await ask('iam:ListAccessKeys', () => iam.keyStatus(user, id, now))
  const policies =
    user === undefined
      ? undefined
      : [
          await ask('iam:ListAttachedUserPolicies', () => iam.attachedPolicies(user)),
          await ask('iam:ListUserPolicies', () => iam.inlinePolicies(user)),
          await ask('iam:ListGroupsForUser', () => iam.groupPolicies(user)),
        ]
  const eventsSince = eventsStart(group, now)
  const events: KeyEvents[] = []
  for (const region of regionsToSearch(group, owner, used?.lastUsed?.region)) {
    const found = await ask(`cloudtrail:LookupEvents in ${region}`, () =>
      lookUpEvents(course.connection, owner, { id, region, since: eventsSince, signal }),
    )
    if (found !== undefined) events.push(found)
  }
  const known = policies?.flatMap((some) => some ?? [])
  return {
    ...base,
    ...used,
    ...key,
    ...(known && policies?.some((some) => some !== undefined) && summarizePolicies(known)),
    ...(events.length > 0 && { events, eventsSince: new Date(eventsSince).toISOString() }),
  }
}

/** The first commit that leaked it, as far back as CloudTrail goes. */
function eventsStart(group: readonly Finding[], now: number): number {
  const leaked = group
    .flatMap(({ attribution }) => (attribution?.first ? Date.parse(attribution.first.date) : []))
    .filter((time) => !Number.isNaN(time))
  return leaked.length === 0
    ? now - CLOUDTRAIL_RETENTION_MS
    : Math.max(Math.min(...leaked, now), now - CLOUDTRAIL_RETENTION_MS)
}

/** Where global services log, where it was used last, and what stands near it in the files. */
function regionsToSearch(
  group: readonly Finding[],
  { partition }: Owner,
  lastUsed: string | undefined,
): readonly string[] {
  const named = [
    lastUsed ?? '',
    ...group.flatMap(({ facts, regions = [] }) => [facts['region'] ?? '', ...regions]),
  ]
  return [
    ...new Set([
      partition.region,
      ...named.filter(
        (region) => partition.regions.test(region) && partitionOf(region) === partition,
      ),
    ]),
  ].slice(0, MAX_REGIONS)
}
