import { promises } from 'node:fs'
import { join, posix } from 'node:path'
import { readerForPath } from '../env-files/reader.ts'
import { pathKey, repoPath, zFields } from '../../git/commands/path.ts'
import type { Repository } from '../../git/commands/repository.ts'
import { type GitCall, readGit } from '../../git/commands/run.ts'
import type { FileState, Origin, RepoPath } from '../../model/model.ts'
import { envFilesIn, isComposeFile } from './compose.ts'

/** What is known of a file beside its path, for those that are read entry by entry. */
export type Known = Pick<Origin, 'state' | 'isEnvFile'>

/** Files of a work tree, by the keys of their paths. */
export interface ListedFiles {
  readonly paths: ReadonlyMap<string, RepoPath>
  readonly tracked: ReadonlySet<string>
  /** Neither tracked nor ignored. */
  readonly others: ReadonlySet<string>
}

const MAX_COMPOSE_BYTES = 1 << 20

/** Paths that are given to one git as arguments. */
const AT_ONCE = 200

/**
 * What git does with the files of a work tree that are read entry by entry. Costs nothing where
 * there are none.
 */
export async function knownFiles(
  repository: Repository & { readonly top: string },
  listed: ListedFiles,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Known>> {
  const byCompose = await namedByCompose(repository.top, listed)
  const relevant = [...listed.paths].filter(
    ([key, path]) => byCompose.has(key) || readerForPath(path.text) !== undefined,
  )
  if (relevant.length === 0) return new Map()
  const call: GitCall = { cwd: repository.top, env: repository.ownEnv, signal }
  const committed = await namesInHead(
    call,
    relevant.filter(([key]) => listed.tracked.has(key)),
  )
  const ignored = await ignoredAmong(
    call,
    relevant.filter(([key]) => !listed.tracked.has(key) && !listed.others.has(key)),
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
      { state: stateOf(key, path), ...(byCompose.has(key) && { isEnvFile: true }) },
    ]),
  )
}

/**
 * Files that a compose file names as its `env_file`, relative to itself; those outside of the work
 * tree are not ours to read.
 */
async function namedByCompose(top: string, { paths }: ListedFiles): Promise<ReadonlySet<string>> {
  const keys = new Set<string>()
  for (const { text, bytes } of paths.values()) {
    if (bytes !== undefined || !isComposeFile(posix.basename(text))) continue
    for (const name of envFilesIn(await contentOf(join(top, text))))
      keys.add(pathKey({ text: posix.join(posix.dirname(text), name) }))
  }
  return keys
}

/** The text of a small file; of others, and of those that reading them later will name, nothing. */
async function contentOf(file: string): Promise<string> {
  try {
    const { size } = await promises.stat(file)
    return size > MAX_COMPOSE_BYTES ? '' : await promises.readFile(file, 'utf8')
  } catch {
    return ''
  }
}

/**
 * Which of the tracked paths the last commit has. A path that is not UTF-8 cannot be an argument.
 */
async function namesInHead(
  call: GitCall,
  tracked: readonly (readonly [string, RepoPath])[],
): Promise<ReadonlySet<string>> {
  const names = tracked.flatMap(([, { text, bytes }]) => (bytes === undefined ? [text] : []))
  const found = new Set<string>()
  for (let at = 0; at < names.length; at += AT_ONCE) {
    // Before the first commit there is no HEAD, and nothing in it.
    const output = await readGit({
      ...call,
      args: [
        'ls-tree',
        '-z',
        '--name-only',
        '--full-tree',
        'HEAD',
        '--',
        ...names.slice(at, at + AT_ONCE),
      ],
    }).catch(() => Buffer.alloc(0))
    for (const field of zFields(output)) found.add(pathKey(repoPath(field)))
  }
  return found
}

/** Which of these paths, named one by one and not tracked, git ignores. */
async function ignoredAmong(
  call: GitCall,
  paths: readonly (readonly [string, RepoPath])[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    const names = paths.slice(at, at + AT_ONCE).map(([, { text }]) => text)
    for (const field of zFields(
      await readGit({
        ...call,
        args: ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--', ...names],
      }),
    ))
      found.add(pathKey(repoPath(field)))
  }
  return found
}
