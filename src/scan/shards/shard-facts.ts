import { createHash } from 'node:crypto'
import type { Engine } from '../engine.ts'
import { isExpected } from '../../model/errors.ts'
import type { Skip } from '../../model/model.ts'
import { findingsInNames } from '../name-findings.ts'
import type { ScanResult, ShardFacts } from '../../model/outcome.ts'
import type { Policy } from '../../model/policy.ts'
import type { OpenSource } from '../sources/open.ts'
import type { ScanOptions, Target } from '../../model/target.ts'

interface ShardFactsRequest {
  readonly target: Target
  readonly options: ScanOptions
  readonly policy: Policy
  readonly engine: Engine
  readonly signal: AbortSignal
  /** What the report is about to show. */
  readonly shown: Pick<ScanResult, 'findings' | 'suppressed'>
  readonly onSkip: (skip: Skip) => void
}

/**
 * What tells whoever merges shards that this one is of the same whole as the others; undefined
 * where the whole is scanned. What cannot be told is a skip.
 */
export async function shardFacts(
  { shardView: view }: Pick<OpenSource, 'view'>,
  asked: ShardFactsRequest,
): Promise<ShardFacts | undefined> {
  const { target, engine, shown } = asked
  if (shardView === undefined || target.name !== 'history' || target.shard === undefined)
    return undefined
  const { index, count } = target.shard
  const facts = { index, count, asked: digestOf(asked), inNames: findingsInNames(shown, engine) }
  try {
    return { ...facts, ...(await shardView(asked.signal)) }
  } catch (error) {
    if (!isExpected(error)) throw error
    asked.onSkip({ outcome: 'failed', reason: 'git-failed', detail: error.message })
    return { ...facts, root: null, sums: [] }
  }
}

/**
 * What decides which objects are read and what is made of them, as far as the receipt does not say
 * it. Who reads, and how, does not.
 */
function digestOf({ target, options, policy }: ShardFactsRequest): string {
  const narrowed =
    target.name === 'history'
      ? [
          target.reachable === true || target.since !== undefined,
          target.since,
          target.allowShallow === true,
        ]
      : []
  const limits = [options.maxBlobBytes, options.archiveDepth]
  const { levels, allowedPaths, allowedValues, allowed, baseline, markers, strict } = policy
  const decided = [[...levels], allowedPaths, allowedValues, allowed, baseline, markers, strict]
  return createHash('sha256')
    .update(JSON.stringify([narrowed, limits, decided]))
    .digest('hex')
    .slice(0, 16)
}
