/** CloudTrail client: looks up the events that a key caused. */
import {
  CloudTrailClient,
  LookupEventsCommand,
  type LookupEventsCommandOutput,
} from '@aws-sdk/client-cloudtrail'
import type { KeyEvents } from '../model/verification.ts'
import { type Connection, withoutNodeWarning } from './connection.ts'
import type { Owner } from './owner.ts'
import { cloudTrailHost } from './partitions.ts'

/** Pages read of each region; CloudTrail allows two calls a second, of 50 events each. */
const MAX_PAGES = 6

/** Event names reported of each region, the most frequent ones. */
const MAX_NAMES = 8

export interface EventsRequest {
  readonly id: string
  readonly region: string
  /** Start of the search, in milliseconds since 1970. */
  readonly since: number
  readonly signal: AbortSignal
}

/** Calls `cloudtrail:LookupEvents` for a key in one region. Rejects with errors of the SDK. */
export async function lookUpEvents(
  connection: Connection,
  { partition, keys }: Owner,
  { id, region, since, signal }: EventsRequest,
): Promise<KeyEvents> {
  const settings = connection.clientSettings(
    { host: cloudTrailHost(partition, region), region },
    keys,
  )
  const client = withoutNodeWarning(() => new CloudTrailClient({ ...settings, maxAttempts: 5 }))
  const events: { readonly name: string; readonly at: number }[] = []
  let nextToken: string | undefined
  for (let page = 0; page === 0 || (nextToken !== undefined && page < MAX_PAGES); page += 1) {
    const command: LookupEventsCommand = new LookupEventsCommand({
      LookupAttributes: [{ AttributeKey: 'AccessKeyId', AttributeValue: id }],
      StartTime: new Date(since),
      MaxResults: 50,
      ...(nextToken !== undefined && { NextToken: nextToken }),
    })
    const output: LookupEventsCommandOutput = await client.send(
      command,
      connection.deadline(signal),
    )
    for (const { EventName, EventSource, EventTime } of output.Events ?? [])
      events.push({
        name: `${EventSource ?? '?'} ${EventName ?? '?'}`,
        at: EventTime?.getTime() ?? Number.NaN,
      })
    nextToken = output.NextToken
  }
  return {
    region,
    count: events.length,
    ...(nextToken !== undefined && { more: true }),
    ...firstAndLast(events.map(({ at }) => at)),
    names: countNames(events.map(({ name }) => name)),
  }
}

function firstAndLast(times: readonly number[]): Pick<KeyEvents, 'first' | 'last'> {
  const validTimes = times.filter((time) => !Number.isNaN(time))
  return validTimes.length === 0
    ? {}
    : {
        first: new Date(Math.min(...validTimes)).toISOString(),
        last: new Date(Math.max(...validTimes)).toISOString(),
      }
}

function countNames(names: readonly string[]): KeyEvents['names'] {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count)
    .slice(0, MAX_NAMES)
}
