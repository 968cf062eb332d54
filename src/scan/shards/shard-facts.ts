/** Collects what the report of a shard needs so that shards can be merged. */
import { createHash } from 'node:crypto'
import { isExpected } from '../../model/errors.ts'
import type { Limits } from '../../model/limits.ts'
import type { Skip } from '../../model/model.ts'
import type { ShardFacts } from '../../model/outcome.ts'
import type { Policy } from '../../model/policy.ts'
import type { Target } from '../../model/target.ts'
import type { OpenSource } from '../sources/open-source.ts'

interface ShardFactsRequest {
  readonly target: Target
  readonly limits: Limits
  readonly policy: Policy
  readonly signal: AbortSignal
  readonly onSkip: (skip: Skip) => void
}

/**
 * Returns the facts by which `oakum merge` checks that the reports of several shards are of one
 * whole; undefined when no shard is scanned. A failure of git is a skip, and the facts are then
 * incomplete.
 */
export async function shardFacts(
  shardView: NonNullable<OpenSource['shardView']>,
  request: ShardFactsRequest,
): Promise<ShardFacts | undefined> {
  const { target, signal } = request
  if (target.name !== 'history' || target.shard === undefined) return undefined
  const { index, count } = target.shard
  const facts = { index, count, asked: digestOf(request) }
  try {
    return { ...facts, ...(await shardView(signal)) }
  } catch (error) {
    if (!isExpected(error)) throw error
    request.onSkip({ outcome: 'failed', reason: 'git-failed', detail: error.message })
    return { ...facts, root: null, sums: [] }
  }
}

/**
 * Digest of the options and the policy that decide which objects are scanned and how they are
 * judged, as far as the receipt does not show them. Speed and deadline are no part of it.
 */
function digestOf({ target, limits, policy }: ShardFactsRequest): string {
  const narrowed =
    target.name === 'history'
      ? [
          target.reachable === true || target.since !== undefined,
          target.since,
          target.allowShallow === true,
        ]
      : []
  const { jobs: _jobs, deadlineMs: _deadlineMs, ...contentLimits } = limits
  const { levels, allowedPaths, allowedValues, allowed, baseline, markers, strict } = policy
  const decided = [[...levels], allowedPaths, allowedValues, allowed, baseline, markers, strict]
  return createHash('sha256')
    .update(JSON.stringify([narrowed, contentLimits, decided]))
    .digest('hex')
    .slice(0, 16)
}
