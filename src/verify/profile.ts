/**
 * `--with-profile`: looks up found key ids in the AWS account that owns them, signed with a profile
 * of the user. Found secrets are neither used nor sent.
 */
import pLimit from 'p-limit'
import { compareFindings } from '../scan/findings/order.ts'
import type { Finding } from '../model/model.ts'
import type { KeyEvents, KeyRecord } from '../model/verification.ts'
import { answerOfError, type AwsAnswer } from './answer.ts'
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
  /** Asks for the code of an MFA device on the terminal; undefined without a terminal. */
  readonly askCode: (device: string) => Promise<string | undefined>
}

/** CloudTrail keeps events for 90 days. */
const CLOUDTRAIL_RETENTION_MS = 90 * 24 * 3600 * 1000

/** Regions searched for the events of one key. */
const MAX_REGIONS = 6

/** Everything that the look-up of one key needs. */
interface LookUpContext {
  readonly connection: Connection
  readonly owner: Owner
  readonly iam: Iam
  readonly signal: AbortSignal
  readonly profile: string
  /** Milliseconds since 1970. */
  readonly now: number
}

/**
 * Looks up every key id among the findings, also ids without a secret. Returns all findings, worst
 * first.
 */
export async function lookUp(
  findings: readonly Finding[],
  options: LookUpOptions,
): Promise<readonly Finding[]> {
  const { endpoint, timeoutMs = 10_000 } = options
  const byId = groupByKeyId(findings, options.accounts)
  if (byId.size === 0) return findings
  const connection = new Connection({ timeoutMs, ...(endpoint !== undefined && { endpoint }) })
  try {
    const records = await lookUpKeys(byId, connection, options)
    return findings
      .map((finding) => withRecord(finding, records.get(finding)))
      .toSorted(compareFindings)
  } finally {
    connection.close()
  }
}

function groupByKeyId(
  findings: readonly Finding[],
  accounts: readonly string[] | undefined,
): ReadonlyMap<string, readonly Finding[]> {
  const byId = new Map<string, Finding[]>()
  for (const finding of findings) {
    const id = keyIdOf(finding)
    if (id !== undefined && (accounts === undefined || accounts.includes(accountOfId(id) ?? '')))
      byId.set(id, [...(byId.get(id) ?? []), finding])
  }
  return byId
}

/** Looks up keys, two at a time by default, and returns the record of each finding. */
async function lookUpKeys(
  byId: ReadonlyMap<string, readonly Finding[]>,
  connection: Connection,
  options: LookUpOptions,
): Promise<ReadonlyMap<Finding, KeyRecord>> {
  const { profile, signal = new AbortController().signal, onProgress } = options
  const owner = await openOwner({
    connection,
    profile,
    signal,
    askCode: options.askCode,
    hints: [...byId.values()].flat().flatMap(({ regions = [] }) => regions),
  })
  const records = new Map<Finding, KeyRecord>()
  let done = 0
  const lookUpGroup = async (id: string, group: readonly Finding[]): Promise<void> => {
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
  }
  const limit = pLimit(options.concurrency ?? 2)
  await Promise.all(Array.from(byId, ([id, group]) => limit(() => lookUpGroup(id, group))))
  return records
}

/**
 * Adds a record to a finding. A key that its account calls inactive or deleted is inactive, unless
 * STS has just accepted the key itself.
 */
function withRecord(finding: Finding, record: KeyRecord | undefined): Finding {
  if (record === undefined) return finding
  const { verification } = finding
  const isOff = record.status === 'Inactive' || record.status === 'Missing'
  if (!isOff || verification.status === 'live')
    return { ...finding, verification: { ...verification, record } }
  const reason =
    record.status === 'Missing'
      ? 'its user no longer has this key: it was deleted'
      : 'it is inactive in its account'
  return afterVerification(finding, { ...verification, status: 'inactive', reason, record })
}

/** Makes one call and returns undefined when it fails or the look-up was aborted. */
type Call = <T>(action: string, send: () => Promise<T>) => Promise<T | undefined>

async function lookUpKey(
  id: string,
  group: readonly Finding[],
  context: LookUpContext,
): Promise<KeyRecord> {
  const { owner, iam, profile, now, signal } = context
  const refused: string[] = []
  const call: Call = async (action, send) => {
    if (signal.aborted) return undefined
    try {
      return await send()
    } catch (error) {
      refused.push(`${action}: ${refusalText(answerOfError(error))}`)
      return undefined
    }
  }
  const account =
    (await call('sts:GetAccessKeyInfo', () => owner.sts.accountOf(id, signal))) ?? accountOfId(id)
  const base: KeyRecord = {
    profile,
    askedAs: owner.arn,
    ...(account !== undefined && { account }),
    refused,
  }
  if (account !== undefined && account !== owner.account) {
    refused.push(
      `iam and cloudtrail: the key is of account ${account}, the profile of account ${owner.account}`,
    )
    return base
  }
  const lastUse = isTemporary(id)
    ? undefined
    : await call('iam:GetAccessKeyLastUsed', () => iam.lastUsed(id))
  const user = lastUse?.user
  const userFacts = user === undefined ? {} : await lookUpUser(user, id, { call, iam, now })
  const since = eventsStart(group, now)
  const regions = regionsToSearch(group, owner, lastUse?.lastUsed?.region)
  const events = await lookUpRegions(regions, { id, since, call }, context)
  return {
    ...base,
    ...lastUse,
    ...userFacts,
    ...(events.length > 0 && { events, eventsSince: new Date(since).toISOString() }),
  }
}

/** Returns the error code of AWS, or the reason why there was no answer. */
function refusalText(answer: AwsAnswer): string {
  if (answer.kind === 'refused') return answer.code
  return answer.kind === 'no-answer' ? answer.reason : ''
}

/** Looks up the status of a user's key and the policies of the user. */
async function lookUpUser(
  user: string,
  id: string,
  { call, iam, now }: { readonly call: Call; readonly iam: Iam; readonly now: number },
): Promise<Partial<KeyRecord>> {
  const key = await call('iam:ListAccessKeys', () => iam.keyStatus(user, id, now))
  const lists = [
    await call('iam:ListAttachedUserPolicies', () => iam.attachedPolicies(user)),
    await call('iam:ListUserPolicies', () => iam.inlinePolicies(user)),
    await call('iam:ListGroupsForUser', () => iam.groupPolicies(user)),
  ]
  const answered = lists.filter((list) => list !== undefined)
  return { ...key, ...(answered.length > 0 && summarizePolicies(answered.flat())) }
}

async function lookUpRegions(
  regions: readonly string[],
  { id, since, call }: { readonly id: string; readonly since: number; readonly call: Call },
  { connection, owner, signal }: LookUpContext,
): Promise<readonly KeyEvents[]> {
  const events: KeyEvents[] = []
  for (const region of regions) {
    const regionEvents = await call(`cloudtrail:LookupEvents in ${region}`, () =>
      lookUpEvents(connection, owner, { id, region, since, signal }),
    )
    if (regionEvents !== undefined) events.push(regionEvents)
  }
  return events
}

/** Returns the time of the first commit with the key, at most 90 days ago, as CloudTrail keeps. */
function eventsStart(group: readonly Finding[], now: number): number {
  const leakTimes = group
    .flatMap(({ attribution }) => (attribution?.first ? Date.parse(attribution.first.date) : []))
    .filter((time) => !Number.isNaN(time))
  return Math.max(
    leakTimes.length === 0 ? -Infinity : Math.min(...leakTimes, now),
    now - CLOUDTRAIL_RETENTION_MS,
  )
}

/**
 * Returns the regions to search for events: the region where global services log, the region of the
 * last use, and regions named near the key in its files.
 */
function regionsToSearch(
  group: readonly Finding[],
  { partition }: Owner,
  lastUsed: string | undefined,
): readonly string[] {
  const candidates = [
    lastUsed ?? '',
    ...group.flatMap(({ facts, regions = [] }) => [facts['region'] ?? '', ...regions]),
  ]
  return [
    ...new Set([
      partition.region,
      ...candidates.filter(
        (region) => partition.regions.test(region) && partitionOf(region) === partition,
      ),
    ]),
  ].slice(0, MAX_REGIONS)
}
