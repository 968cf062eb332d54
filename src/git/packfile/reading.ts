import { setImmediate } from 'node:timers/promises'
import type { GitObject, FilteredBatch } from '../objects/objects.ts'
import { FilterResult, type FilterStats } from '../objects/object-filter.ts'
import { windowsIn } from '../objects/windows.ts'
import { isOfShard, type Shard } from '../../model/shard.ts'
import { sizeSkip } from '../../model/limits.ts'
import type { ObjectKind, Skip } from '../../model/model.ts'
import type { WorkerPool, ReadSummary } from './workers/worker-pool.ts'
import type { ObjectReadWorker } from './workers/object-read-worker.ts'
import { readLoose } from './loose.ts'
import type { LooseFile } from './loose-object.ts'
import type { FilterSession } from './walk/filter-session.ts'
import { MAX_OBJECT_BYTES } from './emit-object.ts'

/** Loose objects given in one batch. */
const BATCH_FILES = 256

/** What a lane and its crew give, with a pause after each batch for whoever else waits. */
export async function* readPacks(
  lane: ObjectReadWorker,
  crew: WorkerPool | undefined,
  gathered: ReadSummary,
  signal: AbortSignal,
): AsyncGenerator<FilteredBatch> {
  for (let portion = lane.next(); portion !== undefined && !signal.aborted; portion = lane.next()) {
    yield portion
    for (const id of lane.takeUnread()) gathered.unread.push(id)
    await setImmediate()
    if (crew !== undefined) yield* crew.taken(gathered)
  }
  gathered.notes.push(lane.takeNotes())
  if (crew === undefined) return
  while (await crew.more(signal)) yield* crew.taken(gathered)
}

/** Without what was let pass, and only of these kinds. */
export function* objectsIn(
  batch: FilteredBatch,
  kinds?: readonly ObjectKind[],
): Generator<GitObject | Skip> {
  for (const object of batch)
    if ('outcome' in object || ('kind' in object && kinds?.includes(object.kind) !== false))
      yield object
}

export interface LooseReading {
  readonly files: readonly LooseFile[]
  readonly kinds: readonly ObjectKind[] | undefined
  readonly sifting: FilterSession | undefined
  /** Of other shards only trees are looked at, for their names. */
  readonly shard: Shard | undefined
  readonly maxBlobBytes: number
  /** Gets the names of those that are left to git. */
  readonly unread: string[]
}

/** Loose objects, of which git packs some now and then: those that are gone are left to git. */
export async function* readAllLoose(
  reading: LooseReading,
  signal: AbortSignal,
): AsyncGenerator<FilteredBatch> {
  const { files } = reading
  for (let at = 0; at < files.length && !signal.aborted; at += BATCH_FILES) {
    yield looseBatch({ ...reading, files: files.slice(at, at + BATCH_FILES) })
    await setImmediate()
  }
}

function* looseBatch({
  files,
  kinds,
  sifting,
  shard,
  maxBlobBytes,
  unread,
}: LooseReading): Generator<GitObject | Skip | FilterStats> {
  for (const file of files) {
    const object = readLoose(file, MAX_OBJECT_BYTES)
    if (object === undefined) {
      unread.push(file.id)
      continue
    }
    const { kind, content } = object
    const own = shard === undefined || isOfShard(file.id, shard)
    if (kinds?.includes(kind) === false || (!own && kind !== 'tree')) continue
    const size = content.length
    const skip = kind === 'blob' ? sizeSkip(size, maxBlobBytes, { object: file.id }) : undefined
    if (skip !== undefined) yield skip
    else if (sifting !== undefined && sifting.look(content, kind) !== FilterResult.found) {
      if (own) sifting.pass(kind, size)
    } else for (const window of windowsIn(content)) yield { id: file.id, kind, size, ...window }
  }
  if (sifting !== undefined) yield sifting.take()
}
