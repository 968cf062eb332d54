import { lstatSync, realpathSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { openRepository, type Repository } from '../../git/commands/repository.ts'
import { ScanError, UsageError } from '../../model/errors.ts'
import { withGitConfig } from './git-config.ts'
import { withLfsObjects } from './lfs.ts'
import type { OpenContext, OpenSource, TargetOf } from './open-source.ts'
import { worktreeSource } from './worktree.ts'

/** A file or folder that a user named, by its real path. */
interface NamedPath {
  readonly path: string
  readonly isFolder: boolean
}

/**
 * Opens the work tree of the repository that the paths of the target are in, or the current folder
 * where the target names none.
 */
export async function openWorktree(
  target: TargetOf<'scan'>,
  { cwd, env, limits }: OpenContext,
): Promise<OpenSource> {
  const namedPaths = (target.paths ?? []).map((path) => resolvePath(cwd, path))
  const repository = await openRepositoryOf(namedPaths[0], cwd, env)
  const { top, commonDir } = repository
  const inside = namedPaths.map(({ path, isFolder }) => ({
    path: pathInside(realpathSync(top), path),
    isFolder,
  }))
  const folders = inside.filter(({ isFolder }) => isFolder).map(({ path }) => path || '.')
  const files = inside.filter(({ isFolder }) => !isFolder).map(({ path }) => path)
  const all = folders.includes('.') || inside.length === 0
  const worktree = worktreeSource(repository, {
    all,
    folders: all ? [] : folders,
    files,
    limits,
  })
  const source = withLfsObjects(worktree, commonDir, limits)
  return { repository, source: all ? withGitConfig(source, repository) : source }
}

async function openRepositoryOf(
  named: NamedPath | undefined,
  cwd: string,
  env: OpenContext['env'],
): Promise<Repository & { readonly top: string }> {
  const path = named === undefined ? cwd : named.isFolder ? named.path : dirname(named.path)
  const repository = await openRepository({ path, explicit: named !== undefined, env }).catch(
    (error: unknown) => {
      if (error instanceof UsageError)
        throw new UsageError(`${error.message}; --no-git scans a plain folder`)
      throw error
    },
  )
  const { top } = repository
  if (top === null)
    throw new ScanError(
      `${path} is a bare repository or a .git folder, without files to scan; ` +
        'oakum history scans what it stores',
    )
  return { ...repository, top }
}

/** Resolves links on the way to a path; a link at its end is scanned as the text it holds. */
function resolvePath(cwd: string, path: string): NamedPath {
  const absolute = resolve(cwd, path)
  const stat = lstatSync(absolute, { throwIfNoEntry: false })
  if (stat === undefined) throw new UsageError(`${path} does not exist`)
  return stat.isDirectory()
    ? { path: realpathSync(absolute), isFolder: true }
    : { path: join(realpathSync(dirname(absolute)), basename(absolute)), isFolder: false }
}

/** Returns the path relative to the top of the work tree, with `/`. */
function pathInside(top: string, path: string): string {
  const inside = relative(top, path)
  if (inside === '..' || inside.startsWith(`..${sep}`))
    throw new UsageError(`${path} is not in the repository ${top}; scan one repository at a time`)
  return inside.replaceAll(sep, '/')
}
