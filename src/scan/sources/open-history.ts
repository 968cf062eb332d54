import { availableParallelism } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { listRefs, type Refs } from '../../git/commands/refs.ts'
import {
  openRepository,
  type Repository,
  refuseBlockingObject,
} from '../../git/commands/repository.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import { SignedCacheFile, type CacheLocation } from '../../git/objects/signed-cache-file.ts'
import { isScanCache } from '../../git/packfile/cache/scan-cache.ts'
import { PackReader } from '../../git/packfile/pack-reader.ts'
import { isCheckedFiles, StoreCheck } from '../../git/packfile/store-check.ts'
import type { Source } from '../../model/model.ts'
import type { Shard } from '../../model/shard.ts'
import type { ShardView } from '../shards/shard-view.ts'
import { withGitConfig } from './git-config.ts'
import { historySource, namedSource } from './history.ts'
import { withLfsObjects } from './lfs.ts'
import { gitReader, type OpenContext, type OpenSource, type TargetOf } from './open-source.ts'
import { checkDate, reachableObjects } from './reachable.ts'

/**
 * Opens the objects of a repository: all that it stores, those that refs lead to, or those that the
 * target names; with the fastest reader that works for this repository.
 */
export async function openHistory(
  target: TargetOf<'history'>,
  context: OpenContext,
): Promise<OpenSource> {
  const { cwd, env, cache } = context
  const repository = await openRepository({
    path: resolve(cwd, target.path ?? '.'),
    explicit: target.path !== undefined,
    env,
  })
  const keyFile = cache ? stateFile(env, 'key') : undefined
  const cacheLocation =
    keyFile === undefined ? undefined : { folder: repository.commonDir, keyFile }
  const storeCheck = new StoreCheck({
    objects: join(repository.commonDir, 'objects'),
    idBytes: repository.idLength / 2,
    cache: cacheLocation && new SignedCacheFile(cacheLocation, 'checked', isCheckedFiles),
    checksLoose: context.reader === 'cat-file' || hasObjectsElsewhere(repository),
  })
  const reader = readerFor(repository, context, { cacheLocation, storeCheck })
  if (target.objects !== undefined)
    return { repository, reader, source: namedSource(reader, target.objects) }

  if (target.since !== undefined) await checkDate(repository, target.since)
  let listed: Promise<Refs> | undefined
  const refs = (): Promise<Refs> => (listed ??= listRefs(repository))
  const opened = { repository, reader, refs, cacheLocation }
  const source = objectsAndConfig(target, context, { ...opened, storeCheck })
  if (target.shard === undefined) return { ...opened, source }
  return { ...opened, source, shardView: shardViewFor(repository, target, target.shard) }
}

type OpenHistory = Required<Pick<OpenSource, 'repository' | 'reader' | 'refs'>> & {
  readonly storeCheck: StoreCheck
}

/** Reads objects, LFS content behind them, and git's own configuration. */
function objectsAndConfig(
  target: TargetOf<'history'>,
  { limits, filters }: OpenContext,
  { repository, reader, refs, storeCheck }: OpenHistory,
): Source {
  const { since, shard } = target
  const objects = historySource(repository, {
    reader,
    refs,
    storeDamage: (signal) => storeCheck.run(signal),
    createFilter: () => filters.createFilter(repository.idLength / 2),
    allowShallow: target.allowShallow === true,
    verifyObjects: target.verifyObjects === true,
    ...(isNarrowed(target) && {
      only: (signal) => reachableObjects(repository, { since, shard }, signal),
    }),
    ...(shard && { shard }),
  })
  const content = withLfsObjects(objects, repository.commonDir, limits)
  // Files of configuration are no objects, so no shard is chosen by their id: the first has them.
  return shard === undefined || shard.index === 1 ? withGitConfig(content, repository) : content
}

/** True when only objects that refs lead to are scanned. */
function isNarrowed({ reachable, since }: TargetOf<'history'>): boolean {
  return reachable === true || since !== undefined
}

function shardViewFor(
  repository: Repository,
  target: TargetOf<'history'>,
  { count }: Shard,
): NonNullable<OpenSource['shardView']> {
  return async (signal): Promise<ShardView> => {
    const { shardViewOf } = await import('../shards/shard-view.ts')
    const only = isNarrowed(target)
      ? await reachableObjects(repository, { since: target.since }, signal)
      : undefined
    return shardViewOf(repository, count, { only, signal })
  }
}

function readerFor(
  repository: Repository,
  { limits, reader, filters }: OpenContext,
  {
    cacheLocation,
    storeCheck,
  }: { readonly cacheLocation: CacheLocation | undefined; readonly storeCheck: StoreCheck },
): ObjectReader {
  const git = gitReader(repository, limits)
  const objects = join(repository.commonDir, 'objects')
  if (reader === 'cat-file' || hasObjectsElsewhere(repository)) {
    refuseBlockingObject(objects)
    return git
  }
  return new PackReader({
    objects,
    idBytes: repository.idLength / 2,
    kernel: reader,
    threads: Math.min(limits.jobs, availableParallelism()),
    program: filters.program(),
    git,
    maxBlobBytes: limits.maxBlobBytes,
    scanCache:
      cacheLocation && new SignedCacheFile(cacheLocation, 'history', isScanCache, filters.digest()),
    storeCheck,
  })
}

/** True inside hooks that receive a push: git keeps its objects in a quarantine folder. */
function hasObjectsElsewhere({ env }: Repository): boolean {
  return (
    env['GIT_OBJECT_DIRECTORY'] !== undefined ||
    env['GIT_ALTERNATE_OBJECT_DIRECTORIES'] !== undefined
  )
}

/**
 * Returns the path of a file in the user's state folder, outside of any repository; undefined when
 * no environment variable names an absolute folder for it.
 */
function stateFile(env: OpenContext['env'], name: string): string | undefined {
  const { XDG_STATE_HOME: state, LOCALAPPDATA: local, HOME: home } = env
  const folder = [
    state,
    local,
    home === undefined ? undefined : join(home, '.local', 'state'),
  ].find((path) => path !== undefined && isAbsolute(path))
  return folder === undefined ? undefined : join(folder, 'oakum', name)
}
