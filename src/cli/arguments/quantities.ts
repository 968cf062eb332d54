/**
 * Parses numbers, sizes, durations and shards of the command line. Each function takes the option's
 * name for its error message, and throws a UsageError for any form but those it documents.
 */
import { UsageError } from '../../model/errors.ts'
import { MAX_SHARDS, type Shard } from '../../model/shard.ts'
import { durationOf, sizeOf } from '../../model/quantity.ts'

const MAX_JOBS = 256

/** Parses a whole number from 1 to 256. */
export function parseCount(option: string, text: string): number {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : 0
  if (count < 1 || count > MAX_JOBS)
    throw new UsageError(`--${option} takes a whole number from 1 to ${MAX_JOBS}, not "${text}"`)
  return count
}

/** Parses `2/4`, the second of four shards. */
export function parseShard(option: string, text: string): Shard {
  const [, index = 0, count = 0] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number)
  if (index < 1 || index > count || count > MAX_SHARDS)
    throw new UsageError(
      `--${option} takes i/n, such as 1/4 to 4/4 with n up to ${MAX_SHARDS}, not "${text}"`,
    )
  return { index, count }
}

/** Parses `4096`, `10k`, `10m` or `1g` (powers of 1024) into bytes. */
export function parseSize(option: string, text: string): number {
  const bytes = sizeOf(text)
  if (bytes === undefined)
    throw new UsageError(`--${option} takes a size such as 4096, 10k, 10m or 1g, not "${text}"`)
  return bytes
}

/** Parses `90`, `30s`, `5m` or `1h` into milliseconds; at most 24 days. */
export function parseDuration(option: string, text: string): number {
  const ms = durationOf(text)
  if (ms === undefined)
    throw new UsageError(
      `--${option} takes a time such as 90, 30s, 5m or 1h, up to 24 days, not "${text}"`,
    )
  return ms
}
