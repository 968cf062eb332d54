import { setImmediate } from 'node:timers/promises'
import type { GitObject, SiftedBatch } from '../objects/objects.ts'
import { Interest, type Sifted } from '../objects/sieve.ts'
import { windowsIn } from '../objects/windows.ts'
import { isOfShard, type Shard } from '../../model/shard.ts'
import type { ObjectKind, Skip } from '../../model/model.ts'
import type { Crew, Gathered } from './workers/crew.ts'
import type { Lane } from './workers/lane.ts'
import { readLoose } from './loose.ts'
import type { LooseFile } from './loose-object.ts'
import type { Sifting } from './walk/sifted.ts'
import { LARGEST_BYTES } from './given.ts'

/** Loose objects given in one batch. */
const BATCH_FILES = 256

/** What a lane and its crew give, with a pause after each batch for whoever else waits. */
export async function* readPacks(
  lane: Lane,
  crew: Crew | undefined,
  gathered: Gathered,
  signal: AbortSignal,
): AsyncGenerator<SiftedBatch> {
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
  batch: SiftedBatch,
  kinds?: readonly ObjectKind[],
): Generator<GitObject | Skip> {
  for (const object of batch)
    if ('outcome' in object || ('kind' in object && kinds?.includes(object.kind) !== false))
      yield object
}

export interface LooseReading {
  readonly files: readonly LooseFile[]
  readonly kinds: readonly ObjectKind[] | undefined
  readonly sifting: Sifting | undefined
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
): AsyncGenerator<SiftedBatch> {
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
}: LooseReading): Generator<GitObject | Skip | Sifted> {
  for (const file of files) {
    const object = readLoose(file, LARGEST_BYTES)
    if (object === undefined) {
      unread.push(file.id)
      continue
    }
    const { kind, content } = object
    const own = shard === undefined || isOfShard(file.id, shard)
    if (kinds?.includes(kind) === false || (!own && kind !== 'tree')) continue
    const size = content.length
    if (kind === 'blob' && size > maxBlobBytes)
      yield { outcome: 'bounded', reason: 'too-large', object: file.id, detail: `${size} bytes` }
    else if (sifting !== undefined && sifting.look(content, kind) !== Interest.found) {
      if (own) sifting.pass(kind, size)
    } else for (const window of windowsIn(content)) yield { id: file.id, kind, size, ...window }
  }
  if (sifting !== undefined) yield sifting.take()
}
