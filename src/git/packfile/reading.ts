/** Reads what a plan has selected: packs by worker threads and this one, then loose objects. */
import { setImmediate } from 'node:timers/promises'
import type { FilteredBatch, GitObject } from '../objects/objects.ts'
import { FilterResult, type FilterStats } from '../objects/object-filter.ts'
import { corruptSkip, IdCheck, WRONG_ID } from '../objects/object-id.ts'
import { windowsIn } from '../objects/windows.ts'
import { isOfShard, type Shard } from '../../model/shard.ts'
import { sizeSkip } from '../../model/limits.ts'
import type { ObjectKind, Skip } from '../../model/model.ts'
import type { ReadSummary, WorkerPool } from './workers/worker-pool.ts'
import type { PackReaderOptions, ReadRequest } from './reader-options.ts'
import type { StorePlan } from './plan/plan.ts'
import {
  type ObjectReadWorker,
  type SharedPlan,
  workItemsOf,
} from './workers/object-read-worker.ts'
import { isNoFile, readLoose } from './loose.ts'
import type { LooseFile } from './loose-object.ts'
import type { FilterSession } from './walk/filter-session.ts'
import { MAX_OBJECT_BYTES } from './emit-object.ts'

/** Loose objects in one batch. */
const BATCH_FILES = 256

/**
 * Yields what this thread and the worker threads read of packs, and adds the rest to the summary.
 * Pauses after each batch, so that timers and signals get their turn.
 */
export async function* readPacks(
  worker: ObjectReadWorker,
  pool: WorkerPool | undefined,
  summary: ReadSummary,
  signal: AbortSignal,
): AsyncGenerator<FilteredBatch> {
  for (let batch = worker.next(); batch !== undefined && !signal.aborted; batch = worker.next()) {
    yield batch
    for (const id of worker.takeUnreadIds()) summary.unreadIds.push(id)
    await setImmediate()
    if (pool !== undefined) yield* pool.takeBatches(summary)
  }
  summary.treeDiffs.push(worker.takeTreeDiffs())
  if (pool === undefined) return
  while (await pool.waitForBatches(signal)) yield* pool.takeBatches(summary)
}

/** Returns the plan of a store as the threads that read it share it. */
export function sharedPlanOf(
  { packs, entries, chains, ids, packedCount }: StorePlan,
  { selection, logsTreeDiffs = false }: ReadRequest,
  {
    maxBlobBytes,
    bytesPerThread,
  }: Pick<Required<PackReaderOptions>, 'maxBlobBytes' | 'bytesPerThread'>,
): SharedPlan {
  const plan = { entries, chains, ids, packedCount, selection }
  return {
    plan,
    packFds: packs.map(({ fd }) => fd),
    workItems: workItemsOf(plan, bytesPerThread / 2),
    nextWorkItem: new Int32Array(new SharedArrayBuffer(4)),
    maxBlobBytes,
    logsTreeDiffs,
  }
}

/** Yields a skip for each object whose content does not hash to its ID. */
export async function* wrongIds(
  batches: AsyncIterable<FilteredBatch>,
): AsyncGenerator<readonly Skip[]> {
  const idCheck = new IdCheck()
  for await (const batch of batches)
    for (const object of objectsIn(batch))
      if ('id' in object && !idCheck.accepts(object)) yield [corruptSkip(object.id, WRONG_ID)]
}

/** Returns the objects and skips of a batch, without statistics and without other kinds. */
export function* objectsIn(
  batch: FilteredBatch,
  kinds?: readonly ObjectKind[],
): Generator<GitObject | Skip> {
  for (const item of batch)
    if ('outcome' in item || ('kind' in item && kinds?.includes(item.kind) !== false)) yield item
}

/** Loose objects to read. */
export interface LooseReadRequest {
  readonly files: readonly LooseFile[]
  /** Default: all kinds. */
  readonly kinds: readonly ObjectKind[] | undefined
  readonly session: FilterSession | undefined
  /** With a shard, only trees are read of the other shards, for the names in them. */
  readonly shard: Shard | undefined
  readonly maxBlobBytes: number
  /** Receives the IDs of objects that git has to read. */
  readonly unreadIds: string[]
}

/** Reads loose objects in batches. Those that git packs meanwhile are left to git. */
export async function* readAllLoose(
  request: LooseReadRequest,
  signal: AbortSignal,
): AsyncGenerator<FilteredBatch> {
  const { files } = request
  for (let at = 0; at < files.length && !signal.aborted; at += BATCH_FILES) {
    yield readLooseBatch({ ...request, files: files.slice(at, at + BATCH_FILES) })
    await setImmediate()
  }
}

function* readLooseBatch(request: LooseReadRequest): Generator<GitObject | Skip | FilterStats> {
  for (const file of request.files) yield* emitLooseObject(file, request)
  if (request.session !== undefined) yield request.session.takeStats()
}

/** Emits a loose object, or a skip when it is a blob that is too large. */
function* emitLooseObject(
  file: LooseFile,
  { kinds, session, shard, maxBlobBytes, unreadIds }: LooseReadRequest,
): Generator<GitObject | Skip> {
  const reading = readLoose(file, MAX_OBJECT_BYTES)
  if (reading === undefined) {
    if (isNoFile(file))
      yield { outcome: 'failed', reason: 'unreadable', object: file.id, detail: 'it is no file' }
    else unreadIds.push(file.id)
    return
  }
  if ('damage' in reading) yield corruptSkip(file.id, reading.damage)
  const object = 'damage' in reading ? reading.object : reading
  if (object === undefined) return
  const { kind, content } = object
  const isOfThisShard = shard === undefined || isOfShard(file.id, shard)
  if (kinds?.includes(kind) === false || (!isOfThisShard && kind !== 'tree')) return
  const size = content.length
  const skip = kind === 'blob' ? sizeSkip(size, maxBlobBytes, { object: file.id }) : undefined
  if (skip !== undefined) yield skip
  else if (session !== undefined && session.inspect(content, kind) !== FilterResult.found) {
    if (isOfThisShard) session.countSkippedClean(kind, size)
  } else for (const window of windowsIn(content)) yield { id: file.id, kind, size, ...window }
}
