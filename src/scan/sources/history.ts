/** Sources of the `history` target: every object of a repository, or those that a caller names. */
import type { Refs } from '../../git/commands/refs.ts'
import { gitOutput, type Repository } from '../../git/commands/repository.ts'
import { gitFailed, linesOf, startGit } from '../../git/commands/run.ts'
import type { ObjectFilter } from '../../git/objects/object-filter.ts'
import type { FilteredBatch, ObjectBatch, ObjectReader } from '../../git/objects/objects.ts'
import type {
  Batch,
  Origin,
  RepoPath,
  Skip,
  SkippedClean,
  Source,
  SourceBlob,
} from '../../model/model.ts'
import { isOfShard, type Shard } from '../../model/shard.ts'
import type { NamedObject } from '../../model/target.ts'
import { connectivityRoots } from './connectivity-roots.ts'
import { EnvNames } from './env-names.ts'
import { objectBlob, originOf } from './source-blobs.ts'

export interface HistoryOptions {
  readonly reader: ObjectReader
  readonly refs: () => Promise<Refs>
  /** Returns skips for damaged files of the store, whether something needs them or not. */
  readonly storeDamage: (signal: AbortSignal) => Promise<readonly Skip[]>
  /** Lists the ids of the objects to read; default every object in the store. */
  readonly only?: (signal: AbortSignal) => Promise<readonly string[]>
  /** Makes a filter for readers that can skip objects in which no rule finds anything. */
  readonly createFilter?: () => ObjectFilter
  /** Part of the objects to scan. With it, `only` lists ids of this shard, and of trees. */
  readonly shard?: Shard
  /** True when the incomplete history of a shallow clone is no failure. */
  readonly allowShallow: boolean
  /** True to verify the id of every object in the store, which takes a second reading of packs. */
  readonly verifyObjects?: boolean
}

/**
 * Reads every object: blobs for content, trees for names, commits and tags for messages. Blobs that
 * a tree names as env files are read a second time at the end, when all their names are known, and
 * then entry by entry.
 */
export function historySource(repository: Repository, options: HistoryOptions): Source {
  return {
    planned: () => countObjects(repository),
    settled: (isSpokenOf) => options.reader.recordScan?.(isSpokenOf),
    async *blobs(signal) {
      const { reader, only, createFilter, shard, allowShallow } = options
      if (repository.shallow && !allowShallow) yield [shallowSkip()]
      // The files are hashed while objects are read. A failure is thrown by the `await` below.
      const damage = options.storeDamage(signal)
      damage.catch(() => undefined)
      const isOwn = (id: string): boolean => shard === undefined || isOfShard(id, shard)
      const state: PassState = {
        envFiles: new EnvNames(repository.idLength / 2, isOwn),
        isOwn,
        skipped: new Set(),
        linked: reader.checksConnectivity && only === undefined,
      }
      const roots = state.linked
        ? connectivityRoots(repository, options.refs, signal).catch(() => undefined)
        : undefined
      let missing: Promise<readonly Skip[]> | undefined
      for await (const batch of await objectsOf(options, signal)) {
        yield toBlobs(batch, state)
        if (missing === undefined && !state.linked && createFilter !== undefined) {
          // Git walks while the rest is read. A failure is thrown by the `await` below.
          missing = missingObjects(repository, signal)
          missing.catch(() => undefined)
        }
      }
      yield* readEnvFiles(reader, state, signal)
      const points = await roots
      if (!state.linked || points === undefined || !reader.hasAll(points))
        yield await (missing ?? missingObjects(repository, signal))
      if (options.verifyObjects === true && reader.verifyObjects !== undefined)
        yield* reader.verifyObjects(signal)
      yield (await damage).filter(({ object = '' }) => !state.skipped.has(object))
    },
  }
}

async function objectsOf(
  { reader, only, createFilter, shard }: HistoryOptions,
  signal: AbortSignal,
): Promise<AsyncIterable<FilteredBatch>> {
  if (only !== undefined) return reader.readObjects(await only(signal), signal)
  return createFilter === undefined
    ? reader.readAll(signal)
    : reader.readFiltered(createFilter, signal, shard)
}

/** Counts the objects of the store; those of alternates are left out, duplicates count twice. */
async function countObjects(repository: Repository): Promise<number> {
  const output = await gitOutput(repository, ['count-objects', '-v'])
  return [...output.matchAll(/^(?:count|in-pack): (\d+)$/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  )
}

/** Facts that the first pass over all objects collects for the second pass over env files. */
interface PassState {
  /** True for an object to scan. A shard also reads trees of other shards, for the names in them. */
  readonly isOwn: (id: string) => boolean
  readonly envFiles: EnvNames
  /** Ids of objects that a skip reported. */
  readonly skipped: Set<string>
  /** True while every object that a read object refers to exists. */
  linked: boolean
}

function* toBlobs(
  batch: FilteredBatch,
  state: PassState,
): Generator<SourceBlob | Skip | SkippedClean> {
  for (const object of batch) {
    if ('outcome' in object) {
      if (object.object !== undefined) state.skipped.add(object.object)
      yield object
    } else if ('skippedClean' in object) {
      for (const named of object.names) state.envFiles.add(named)
      if (!object.isConnected) state.linked = false
      yield object
    } else {
      if (object.kind === 'tree') state.envFiles.note(object.bytes)
      if (state.isOwn(object.id)) yield objectBlob(object, [originOf(object)])
    }
  }
}

async function* readEnvFiles(
  reader: ObjectReader,
  { envFiles, skipped }: PassState,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const names = envFiles.names()
  const ids = [...names.keys()].filter((id) => !skipped.has(id))
  for await (const batch of reader.readObjects(ids, signal)) yield namedBlobs(batch, names)
}

function* namedBlobs(
  batch: ObjectBatch,
  names: ReadonlyMap<string, RepoPath>,
): Generator<SourceBlob | Skip> {
  for (const object of batch) {
    if ('outcome' in object) {
      // A blob that only an unreachable tree names may be gone for good. `missingObjects` reports
      // those that refs lead to.
      if (object.reason !== 'missing') yield object
      continue
    }
    const name = names.get(object.id)
    if (name !== undefined) yield { ...objectBlob(object, [originOf(object)]), again: name }
  }
}

/**
 * Finds objects that refs, reflogs or the index lead to and that the store lacks, by a walk of git:
 * a store can be readable to its end and still lack some.
 */
async function missingObjects(
  repository: Repository,
  signal: AbortSignal,
): Promise<readonly Skip[]> {
  const git = startGit({
    ...repository,
    args: [
      'rev-list',
      '--objects',
      '--all',
      '--reflog',
      '--indexed-objects',
      '--missing=print',
      '--quiet',
    ],
    signal,
  })
  const skips: Skip[] = []
  for await (const lines of linesOf(git.stdout)) {
    for (const line of lines)
      if (line.startsWith('?'))
        skips.push({ outcome: 'failed', reason: 'missing', object: line.slice(1) })
  }
  const failure = await git.failure
  if (failure !== undefined && !signal.aborted) skips.push(gitFailed(failure))
  return skips
}

function shallowSkip(): Skip {
  return {
    outcome: 'failed',
    reason: 'shallow',
    detail:
      'this clone has only part of the history; ' +
      'git fetch --unshallow, or --allow-shallow to scan just that part',
  }
}

/** Reads only the named objects, each with the paths that it is named with. */
export function namedSource(reader: ObjectReader, objects: readonly NamedObject[]): Source {
  const paths = new Map<string, RepoPath[]>()
  for (const { id, path } of objects)
    paths.set(id, [...(paths.get(id) ?? []), ...(path === undefined ? [] : [path])])
  return {
    async *blobs(signal) {
      for await (const batch of reader.readObjects([...paths.keys()], signal))
        yield blobsWithPaths(batch, paths)
    },
  }
}

function* blobsWithPaths(
  batch: ObjectBatch,
  paths: ReadonlyMap<string, readonly RepoPath[]>,
): Generator<SourceBlob | Skip> {
  for (const object of batch) {
    if ('outcome' in object) {
      yield object
      continue
    }
    const origin = originOf(object)
    const objectPaths = object.kind === 'blob' ? (paths.get(object.id) ?? []) : []
    const [first, ...rest] = objectPaths.map((path): Origin => ({ ...origin, path }))
    yield objectBlob(object, first === undefined ? [origin] : [first, ...rest])
  }
}
