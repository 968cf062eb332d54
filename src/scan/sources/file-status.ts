import { promises } from 'node:fs'
import { join, posix } from 'node:path'
import { readRegularFile } from '../../model/regular-file.ts'
import { pathKey, repoPath, zFields } from '../../git/commands/path.ts'
import type { Repository } from '../../git/commands/repository.ts'
import { type GitCall, readGit } from '../../git/commands/run.ts'
import type { FileState, Origin, RepoPath } from '../../model/model.ts'
import { readerForPath } from '../env-files/reader.ts'
import { envFilesIn, isComposeFile } from './compose-env-files.ts'

/** Whether git tracks or ignores a file, and whether a compose file names it as an env file. */
export type FileStatus = Pick<Origin, 'state' | 'isEnvFile'>

/** Files of a work tree, by the keys of their paths. */
export interface ListedFiles {
  readonly paths: ReadonlyMap<string, RepoPath>
  readonly tracked: ReadonlySet<string>
  /** Files that are neither tracked nor ignored. */
  readonly untracked: ReadonlySet<string>
}

type KeyedPath = readonly [key: string, path: RepoPath]

const MAX_COMPOSE_BYTES = 1 << 20

/** Paths given as arguments to one git process. */
const MAX_PATH_ARGS = 200

/**
 * Returns the status of the files that are read entry by entry, by path key. Starts no git process
 * where there are none.
 */
export async function fileStatuses(
  repository: Repository & { readonly top: string },
  listed: ListedFiles,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, FileStatus>> {
  const composeEnvFiles = await filesNamedByCompose(repository.top, listed)
  const relevant = [...listed.paths].filter(
    ([key, path]) => composeEnvFiles.has(key) || readerForPath(path.text) !== undefined,
  )
  if (relevant.length === 0) return new Map()
  const call: GitCall = { cwd: repository.top, env: repository.ownEnv, signal }
  const committed = await pathsInHead(
    call,
    relevant.filter(([key]) => listed.tracked.has(key)),
  )
  const ignored = await ignoredPaths(
    call,
    relevant.filter(([key]) => !listed.tracked.has(key) && !listed.untracked.has(key)),
  )
  const stateOf = (key: string, path: RepoPath): FileState => {
    if (readerForPath(path.text)?.family === 'template') return 'template'
    if (listed.tracked.has(key))
      return committed.has(key) || path.bytes !== undefined ? 'tracked' : 'staged'
    return ignored.has(key) ? 'ignored' : 'untracked'
  }
  return new Map(
    relevant.map(([key, path]) => [
      key,
      { state: stateOf(key, path), ...(composeEnvFiles.has(key) && { isEnvFile: true }) },
    ]),
  )
}

/** Returns keys of the files that compose files name for `env_file`, relative to themselves. */
async function filesNamedByCompose(
  top: string,
  { paths }: ListedFiles,
): Promise<ReadonlySet<string>> {
  const keys = new Set<string>()
  for (const { text, bytes } of paths.values()) {
    if (bytes !== undefined || !isComposeFile(posix.basename(text))) continue
    for (const name of envFilesIn(await readSmallFile(join(top, text))))
      keys.add(pathKey({ text: posix.join(posix.dirname(text), name) }))
  }
  return keys
}

/**
 * Reads a file of at most 1 MiB; the empty string for larger and for unreadable files, which the
 * scan itself reports.
 */
async function readSmallFile(file: string): Promise<string> {
  try {
    const { size } = await promises.stat(file)
    return size > MAX_COMPOSE_BYTES ? '' : readRegularFile(file).toString('utf8')
  } catch {
    return ''
  }
}

/**
 * Returns keys of the tracked paths that HEAD has. Paths that are not UTF-8 are left out: Node
 * cannot pass them as arguments.
 */
async function pathsInHead(
  call: GitCall,
  tracked: readonly KeyedPath[],
): Promise<ReadonlySet<string>> {
  const paths = tracked.flatMap(([, { text, bytes }]) => (bytes === undefined ? [text] : []))
  const keys = new Set<string>()
  for (let at = 0; at < paths.length; at += MAX_PATH_ARGS) {
    const some = paths.slice(at, at + MAX_PATH_ARGS)
    const args = ['ls-tree', '-z', '--name-only', '--full-tree', 'HEAD', '--', ...some]
    // Git fails before the first commit, when there is no HEAD.
    const output = await readGit({ ...call, args }).catch(() => Buffer.alloc(0))
    for (const field of zFields(output)) keys.add(pathKey(repoPath(field)))
  }
  return keys
}

/** Returns keys of those paths that git ignores. */
async function ignoredPaths(
  call: GitCall,
  paths: readonly KeyedPath[],
): Promise<ReadonlySet<string>> {
  const keys = new Set<string>()
  for (let at = 0; at < paths.length; at += MAX_PATH_ARGS) {
    const some = paths.slice(at, at + MAX_PATH_ARGS).map(([, { text }]) => text)
    const output = await readGit({
      ...call,
      args: ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--', ...some],
    })
    for (const field of zFields(output)) keys.add(pathKey(repoPath(field)))
  }
  return keys
}
