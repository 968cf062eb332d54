/** The source of a work tree: tracked files, and untracked files that are not ignored. */
import { pathBytes, pathKey, repoPath, zFields } from '../../git/commands/path.ts'
import type { Repository } from '../../git/commands/repository.ts'
import { readGit } from '../../git/commands/run.ts'
import type { Limits } from '../../model/limits.ts'
import type { RepoPath, Skip, Source } from '../../model/model.ts'
import { fileStatuses, type ListedFiles } from './file-status.ts'
import { readFiles } from './read-files.ts'
import { nameBlob } from './source-blobs.ts'

type Worktree = Repository & { readonly top: string }

export interface WorktreeOptions {
  /** True for the whole work tree; `files` are then read as well, even if git ignores them. */
  readonly all: boolean
  /** Folders, relative to the top of the work tree. */
  readonly folders: readonly string[]
  /** Files, relative to the top: read even if git ignores them. */
  readonly files: readonly string[]
  readonly limits: Limits
}

/** Files to read, and skips for entries of the index that have no file. */
interface Listing extends ListedFiles {
  readonly skips: readonly Skip[]
}

/**
 * Reads the files that git would commit: tracked files as they are on disk, and untracked files
 * that are not ignored.
 */
export function worktreeSource(repository: Worktree, options: WorktreeOptions): Source {
  return {
    async *blobs(signal) {
      const listing = await listFiles(repository, options, signal)
      const { tracked, paths, skips } = listing
      const statuses = await fileStatuses(repository, listing, signal)
      yield skips
      yield skips.flatMap(({ path }) =>
        path === undefined ? [] : [nameBlob(path, { kind: 'file' })],
      )
      const top = Buffer.from(`${repository.top}/`)
      const files = [...paths].map(([key, path]) => ({
        path,
        file: Buffer.concat([top, pathBytes(path)]),
        status: statuses.get(key),
      }))
      // A tracked file that is missing was deleted.
      const mayBeMissing = (path: RepoPath): boolean => tracked.has(pathKey(path))
      yield* readFiles(files, { limits: options.limits, mayBeMissing }, signal)
    },
  }
}

async function listFiles(
  repository: Worktree,
  { all, folders, files }: WorktreeOptions,
  signal: AbortSignal,
): Promise<Listing> {
  const call = { cwd: repository.top, env: repository.ownEnv, signal }
  const pathspecs = all ? [] : ['--', ...folders, ...files]
  const index = await readGit({ ...call, args: ['ls-files', '-z', '--stage', '-t', ...pathspecs] })
  const others =
    all || folders.length > 0
      ? await readGit({
          ...call,
          args: ['ls-files', '-z', '--others', '--exclude-standard', ...pathspecs],
        })
      : Buffer.alloc(0)

  const { tracked, paths, skips } = parseIndex(index)
  const untracked = new Set<string>()
  for (const path of [...zFields(others)].map(repoPath)) {
    untracked.add(pathKey(path))
    paths.set(pathKey(path), path)
  }
  for (const text of files) paths.set(pathKey({ text }), { text })
  return { tracked, untracked, paths, skips }
}

/**
 * Parses the output of `git ls-files -z --stage -t`: `H 100644 3b18e51… 0\tsrc/a.ts\0`. The letter
 * is S where a sparse checkout leaves the file out; mode 160000 is a submodule.
 */
function parseIndex(output: Buffer): {
  readonly tracked: Set<string>
  readonly paths: Map<string, RepoPath>
  readonly skips: readonly Skip[]
} {
  const paths = new Map<string, RepoPath>()
  const tracked = new Set<string>()
  const skips: Skip[] = []
  for (const field of zFields(output)) {
    const tab = field.indexOf(9)
    const path = repoPath(field.subarray(tab + 1))
    const [letter, mode] = field.toString('latin1', 0, tab).split(' ')
    tracked.add(pathKey(path))
    if (mode === '160000') skips.push({ outcome: 'bounded', reason: 'submodule', path })
    else if (letter === 'S') skips.push({ outcome: 'bounded', reason: 'sparse', path })
    else paths.set(pathKey(path), path)
  }
  return { tracked, paths, skips }
}
