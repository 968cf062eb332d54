import { availableParallelism } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { catFileReader } from '../../git/objects/cat-file-reader.ts'
import { SignedCacheFile, type CacheLocation } from '../../git/objects/signed-cache-file.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import { listRefs, type Refs } from '../../git/commands/refs.ts'
import { openRepository, type Repository } from '../../git/commands/repository.ts'
import type { ObjectFilter } from '../../git/objects/object-filter.ts'
import type { WorkerProgram } from '../../git/packfile/workers/worker-pool.ts'
import { PackReader } from '../../git/packfile/pack-reader.ts'
import type { ScanOptions } from '../../model/target.ts'
import { withGitConfig } from './git-config.ts'
import { historySource } from './history.ts'
import { withLfsObjects } from './lfs.ts'
import { namedSource } from './named.ts'
import type { OpenSource, Place, TargetOf } from './open.ts'
import { checkDate, reachableObjects } from './reachable.ts'
import type { ShardView } from '../shards/shard-view.ts'

/** What is looked for, for readers that can leave out the rest. */
export interface FilterFactory {
  readonly sieve: (idBytes: number) => ObjectFilter
  /** The same for threads of their own. */
  readonly program: () => WorkerProgram | undefined
  /** Tells these rules, and this program, from others. */
  readonly digest: () => string
}

interface HistoryPlace extends Place, Required<Pick<ScanOptions, 'cache' | 'reader'>> {
  /** Gits that read objects at the same time, where git has to. */
  readonly lanes: number
}

/**
 * Every object of a repository, or those that refs lead to, and the reader that is the fastest for
 * them here.
 */
export async function openHistory(
  target: TargetOf<'history'>,
  place: HistoryPlace,
  sifter: FilterFactory,
): Promise<OpenSource> {
  const path = resolve(place.cwd, target.path ?? '.')
  const repository = await openRepository({
    path,
    explicit: target.path !== undefined,
    env: place.env,
  })
  const keyFile = place.cache ? stateFile(place.env, 'key') : undefined
  const keeping = keyFile === undefined ? undefined : { folder: repository.commonDir, keyFile }
  const reader = readerFor(repository, place, sifter, keeping)
  if (target.objects !== undefined)
    return { repository, reader, source: namedSource(reader, target.objects) }
  const { since, shard } = target
  let listed: Promise<Refs> | undefined
  const refs = (): Promise<Refs> => (listed ??= listRefs(repository))
  if (since !== undefined) await checkDate(repository, since)
  const narrowed = target.reachable === true || since !== undefined
  const only = (signal: AbortSignal): Promise<readonly string[]> =>
    reachableObjects(repository, { since, shard }, signal)
  const objects = historySource(repository, {
    reader,
    refs,
    sieve: () => sifter.sieve(repository.idLength / 2),
    allowShallow: target.allowShallow === true,
    ...(narrowed && { only }),
    ...(shard && { shard }),
  })
  const content = withLfsObjects(objects, { ...repository, maxBytes: place.maxBytes })
  // What is no object belongs to the first shard.
  const source =
    shard === undefined || shard.index === 1 ? withGitConfig(content, repository) : content
  if (shard === undefined) return { repository, reader, refs, keeping, source }
  const view = async (signal: AbortSignal): Promise<ShardView> =>
    (await import('../shards/shard-view.ts')).viewOf(repository, shard, {
      only: narrowed ? await reachableObjects(repository, { since }, signal) : undefined,
      signal,
    })
  return { repository, reader, refs, keeping, source, view }
}

function readerFor(
  repository: Repository,
  { jobs, lanes, maxBytes, reader }: HistoryPlace,
  { program, digest }: FilterFactory,
  keeping: CacheLocation | undefined,
): ObjectReader {
  const git = catFileReader(repository, lanes, maxBytes)
  if (reader === 'cat-file' || hasObjectsElsewhere(repository)) return git
  return new PackReader({
    objects: join(repository.commonDir, 'objects'),
    idBytes: repository.idLength / 2,
    kernel: reader,
    threads: Math.min(jobs, availableParallelism()),
    program: program(),
    git,
    maxBlobBytes: maxBytes ?? Infinity,
    scanCache: keeping && new SignedCacheFile(keeping, 'history', digest()),
  })
}

/** Hooks have objects that are being received in a place of their own. */
function hasObjectsElsewhere({ env }: Repository): boolean {
  return (
    env['GIT_OBJECT_DIRECTORY'] !== undefined ||
    env['GIT_ALTERNATE_OBJECT_DIRECTORIES'] !== undefined
  )
}

/**
 * A file of the user's own, outside of any repository; undefined where nobody says where that could
 * be.
 */
function stateFile(env: Place['env'], name: string): string | undefined {
  const { XDG_STATE_HOME: state, LOCALAPPDATA: local, HOME: home } = env
  const folder = [
    state,
    local,
    home === undefined ? undefined : join(home, '.local', 'state'),
  ].find((path) => path !== undefined && isAbsolute(path))
  return folder === undefined ? undefined : join(folder, 'oakum', name)
}
