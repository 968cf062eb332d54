import { lstatSync, realpathSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { ScanError, UsageError } from '../../model/errors.ts'
import { catFileReader } from '../../git/objects/cat-file-reader.ts'
import type { CacheLocation } from '../../git/objects/signed-cache-file.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Refs } from '../../git/commands/refs.ts'
import { openRepository, type Repository } from '../../git/commands/repository.ts'
import type { Source } from '../../model/model.ts'
import type { ScanOptions, Target } from '../../model/target.ts'
import { withGitConfig } from './git-config.ts'
import { withLfsObjects } from './lfs.ts'
import type { FilterFactory } from './open-history.ts'
import { type CommitRange, rangeSource, resolveRange } from './range.ts'
import { type TextAtRevision, textAtRevision } from './text-at-revision.ts'
import type { ShardView } from '../shards/shard-view.ts'
import { stagedSource } from './staged.ts'
import { stdinSource } from './stdin.ts'
import { worktreeSource } from './worktree.ts'

/** A source, and what the rest of a scan needs to know of where it comes from. */
export interface OpenSource {
  readonly source: Source
  readonly repository?: Repository
  readonly reader?: ObjectReader
  /** Those of the repository, listed once. */
  readonly refs?: () => Promise<Refs>
  /** Where to keep what need not be found out again. */
  readonly cacheLocation?: CacheLocation | undefined
  readonly range?: CommitRange['receiptRange']
  /** Files as they were when markers on their lines were agreed on. */
  readonly markerBaseText?: TextAtRevision
  /** Of a shard: what it sees of all of them. */
  readonly shardView?: (signal: AbortSignal) => Promise<ShardView>
}

export interface Place {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly jobs: number
  readonly maxBytes: number | undefined
}

export type TargetOf<Name extends Target['name']> = Extract<Target, { readonly name: Name }>

const DEFAULT_JOBS = 8

/** Target → source. UsageError when the target is not there, ScanError when git cannot open it. */
export async function openSource(
  target: Target,
  options: ScanOptions & Pick<Place, 'cwd' | 'env'>,
  sifter: FilterFactory,
): Promise<OpenSource> {
  const opened = await openTarget(target, options, sifter)
  const revision = options.policy?.markersAsOf
  // In history everything stood there before.
  return opened.repository === undefined || revision === undefined || target.name === 'history'
    ? opened
    : { ...opened, markerBaseText: textAtRevision(opened.repository, revision) }
}

async function openTarget(
  target: Target,
  options: ScanOptions & Pick<Place, 'cwd' | 'env'>,
  sifter: FilterFactory,
): Promise<OpenSource> {
  const place: Place = {
    cwd: options.cwd,
    env: options.env,
    jobs: options.jobs ?? DEFAULT_JOBS,
    maxBytes: options.maxBlobBytes,
  }
  switch (target.name) {
    case 'stdin':
      return { source: stdinSource(target.stream, target.message ? 'message' : 'stdin') }
    case 'scan':
      return target.git === false ? openFolder(target, place) : openWorktree(target, place)
    case 'history': {
      // Reading packs takes much that no hook needs.
      const { openHistory } = await import('./open-history.ts')
      return openHistory(
        target,
        {
          ...place,
          lanes: lanesOf(options),
          cache: options.cache === true,
          reader: options.reader ?? 'auto',
        },
        sifter,
      )
    }
    case 'staged':
    case 'range': {
      const repository = await openRepository({ path: place.cwd, explicit: false, env: place.env })
      const reader = catFileReader(repository, lanesOf(options), place.maxBytes)
      const lfs = { commonDir: repository.commonDir, maxBytes: place.maxBytes }
      if (target.name === 'staged')
        return { repository, reader, source: withLfsObjects(stagedSource(repository, reader), lfs) }
      const range = await resolveRange(repository, target.range)
      return {
        repository,
        reader,
        range: range.receiptRange,
        source: withLfsObjects(rangeSource(repository, reader, range), lfs),
      }
    }
  }
}

async function openFolder(target: TargetOf<'scan'>, place: Place): Promise<OpenSource> {
  const { folderSource } = await import('./folder.ts')
  return { source: folderSource({ ...place, paths: target.paths?.length ? target.paths : ['.'] }) }
}

async function openWorktree(target: TargetOf<'scan'>, place: Place): Promise<OpenSource> {
  const given = (target.paths ?? []).map((path) => described(place.cwd, path))
  const [first] = given
  const start = first === undefined ? place.cwd : first.folder ? first.path : dirname(first.path)
  const repository = await openRepository({
    path: start,
    explicit: first !== undefined,
    env: place.env,
  }).catch((error: unknown) => {
    if (error instanceof UsageError)
      throw new UsageError(`${error.message}; --no-git scans a plain folder`)
    throw error
  })
  const { top } = repository
  if (top === null)
    throw new ScanError(
      `${start} is a bare repository or a .git folder, without files to scan; oakum history scans what it stores`,
    )
  const inside = given.map(({ path, folder }) => ({
    path: insideOf(realpathSync(top), path),
    folder,
  }))
  const folders = inside.filter(({ folder }) => folder).map(({ path }) => path || '.')
  const all = folders.includes('.') || inside.length === 0
  const named = inside.filter(({ folder }) => !folder).map(({ path }) => path)
  const source = withLfsObjects(
    worktreeSource({ ...repository, top }, { ...place, paths: all ? [] : folders, named, all }),
    { ...repository, maxBytes: place.maxBytes },
  )
  return { repository, source: all ? withGitConfig(source, repository) : source }
}

function described(cwd: string, path: string): { readonly path: string; readonly folder: boolean } {
  const absolute = resolve(cwd, path)
  const stat = lstatSync(absolute, { throwIfNoEntry: false })
  if (stat === undefined) throw new UsageError(`${path} does not exist`)
  // A link is scanned as what it says, not followed.
  const folder = stat.isDirectory()
  return {
    path: folder
      ? realpathSync(absolute)
      : join(realpathSync(dirname(absolute)), basename(absolute)),
    folder,
  }
}

function insideOf(top: string, path: string): string {
  const inside = relative(top, path)
  if (inside === '..' || inside.startsWith(`..${sep}`))
    throw new UsageError(`${path} is not in the repository ${top}; scan one repository at a time`)
  return inside.replaceAll(sep, '/')
}

/**
 * Gits that read objects at the same time: one cannot keep a scan busy, and more than cores gain
 * nothing.
 */
function lanesOf({ jobs }: Pick<ScanOptions, 'jobs'>): number {
  return Math.max(1, Math.min(jobs ?? DEFAULT_JOBS, availableParallelism(), 4))
}
