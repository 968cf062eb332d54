import type {
  GitObject,
  ObjectBatch,
  ObjectReader,
  FilteredBatch,
} from '../../git/objects/objects.ts'
import type { Refs } from '../../git/commands/refs.ts'
import { gitOutput, type Repository } from '../../git/commands/repository.ts'
import { startGit, linesOf, gitFailed } from '../../git/commands/run.ts'
import { isOfShard, type Shard } from '../../model/shard.ts'
import type { ObjectFilter } from '../../git/objects/object-filter.ts'
import type {
  Batch,
  Origin,
  SkippedClean,
  RepoPath,
  Skip,
  Source,
  SourceBlob,
} from '../../model/model.ts'
import { EnvNames } from './env-names.ts'
import { objectBlob } from './object-blob.ts'
import { connectivityRoots } from './connectivity-roots.ts'

export interface HistoryOptions {
  readonly reader: ObjectReader
  readonly refs: () => Promise<Refs>
  /** Gives the names of the objects to read; default every one in the store. */
  readonly only?: (signal: AbortSignal) => Promise<readonly string[]>
  /** Finds what is worth looking at, for readers that can leave out the rest. */
  readonly sieve?: () => ObjectFilter
  /** Only these objects; with `only`, what that gives is of the shard, or trees. */
  readonly shard?: Shard
  /** Is a shallow clone's history all that was asked for? */
  readonly allowShallow: boolean
}

/**
 * Every object: blobs for content, trees for names, commits and tags for messages. Blobs that some
 * tree names as an env file are read once more at the end, since only then is it known how to read
 * them.
 */
export function historySource(repository: Repository, options: HistoryOptions): Source {
  return {
    planned: () => countObjects(repository),
    settled: (isSpokenOf) => options.reader.recordScan?.(isSpokenOf),
    async *blobs(signal) {
      const { reader, only, sieve, shard, allowShallow } = options
      if (repository.shallow && !allowShallow) yield [shallowSkip()]
      const isOwn = (id: string): boolean => shard === undefined || isOfShard(id, shard)
      const learned: Learned = {
        envFiles: new EnvNames(repository.idLength / 2, isOwn),
        isOwn,
        unread: new Set(),
        linked: reader.checksConnectivity && only === undefined,
      }
      // Nobody asks where git begins to walk when it has to walk anyway.
      const starts = learned.linked
        ? connectivityRoots(repository, options.refs, signal).catch(() => undefined)
        : undefined
      let missing: Promise<readonly Skip[]> | undefined
      for await (const batch of only === undefined
        ? sieve === undefined
          ? reader.readAll(signal)
          : reader.readFiltered(sieve, signal, shard)
        : reader.readObjects(await only(signal), signal)) {
        yield toBlobs(batch, learned)
        if (missing === undefined && !learned.linked && sieve !== undefined) {
          // Git walks while the rest is read; where it fails, whoever waits for it at the end is
          // told.
          missing = missingObjects(repository, signal)
          missing.catch(() => undefined)
        }
      }
      yield* readAgain(reader, learned, signal)
      const points = await starts
      if (!learned.linked || points === undefined || !reader.hasAll(points))
        yield await (missing ?? missingObjects(repository, signal))
    },
  }
}

/** Roughly: what alternates hold is not counted, what is stored twice is. */
async function countObjects(repository: Repository): Promise<number> {
  const counts = await gitOutput(repository, ['count-objects', '-v'])
  return [...counts.matchAll(/^(?:count|in-pack): (\d+)$/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  )
}

/** What the first pass learns for the second. */
interface Learned {
  /** Is it an object to scan? Trees of other shards only name blobs of this one. */
  readonly isOwn: (id: string) => boolean
  readonly envFiles: EnvNames
  /** Objects of which it was said that they were not read. */
  readonly unread: Set<string>
  /** Is all there that the objects refer to, as far as they were read? */
  linked: boolean
}

function* toBlobs(
  batch: FilteredBatch,
  learned: Learned,
): Generator<SourceBlob | Skip | SkippedClean> {
  for (const object of batch) {
    if ('outcome' in object) {
      if (object.object !== undefined) learned.unread.add(object.object)
      yield object
    } else if ('skippedClean' in object) {
      for (const named of object.names) learned.envFiles.add(named)
      if (!object.isConnected) learned.linked = false
      yield object
    } else {
      if (object.kind === 'tree') learned.envFiles.note(object.bytes)
      if (learned.isOwn(object.id)) yield objectBlob(object, [originOf(object)])
    }
  }
}

/** Where an object's bytes were seen; which commit and path only attribution can tell. */
export function originOf(object: Pick<GitObject, 'id' | 'kind'>): Origin {
  return object.kind === 'commit' || object.kind === 'tag'
    ? { kind: 'message', object: object.id, commit: object.id }
    : { kind: 'commit', object: object.id, ...(object.kind === 'tree' ? { inName: true } : {}) }
}

async function* readAgain(
  reader: ObjectReader,
  { envFiles, unread }: Learned,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const names = envFiles.names()
  const ids = [...names.keys()].filter((id) => !unread.has(id))
  for await (const batch of reader.readObjects(ids, signal)) yield withNames(batch, names)
}

function* withNames(
  batch: ObjectBatch,
  names: ReadonlyMap<string, RepoPath>,
): Generator<SourceBlob | Skip> {
  for (const object of batch) {
    if ('outcome' in object) {
      // A blob that only an old tree knows may be gone for good; those that refs lead to are looked
      // for by walking.
      if (object.reason !== 'missing') yield object
      continue
    }
    const again = names.get(object.id)
    if (again !== undefined) yield { ...objectBlob(object, [originOf(object)]), again }
  }
}

/**
 * A store can be readable and still lack objects that its refs, reflogs or index lead to. Git knows
 * them by walking.
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
      'this clone has only part of the history; git fetch --unshallow, or --allow-shallow to scan just that part',
  }
}
