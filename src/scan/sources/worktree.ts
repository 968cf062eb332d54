import { pathBytes, pathKey, repoPath, zFields } from '../../git/commands/path.ts'
import type { Repository } from '../../git/commands/repository.ts'
import { readGit } from '../../git/commands/run.ts'
import type { RepoPath, Skip, Source } from '../../model/model.ts'
import { fileStatuses, type ListedFiles } from './file-status.ts'
import { nameBlob } from './name.ts'
import { readFiles } from './read-files.ts'

export interface WorktreeOptions {
  /** All of the work tree, whatever else is named. */
  readonly all: boolean
  /** Folders, relative to the top of the work tree. */
  readonly paths: readonly string[]
  /** Files named one by one: read even if git ignores them. */
  readonly named: readonly string[]
  readonly jobs: number
  readonly maxBytes: number | undefined
}

/** What is tracked and not on disk was deleted or left out by a sparse checkout. */
interface Listing extends ListedFiles {
  readonly skips: readonly Skip[]
}

/**
 * Files git would take: tracked ones as they are on disk, and untracked ones that are not ignored.
 */
export function worktreeSource(
  repository: Repository & { readonly top: string },
  options: WorktreeOptions,
): Source {
  return {
    async *blobs(signal) {
      const listing = await list(repository, options, signal)
      const { tracked, paths, skips } = listing
      const known = await fileStatuses(repository, listing, signal)
      yield skips
      yield skips.flatMap(({ path }) =>
        path === undefined ? [] : [nameBlob(path, { kind: 'file' })],
      )
      const mayBeGone = (path: RepoPath): boolean => tracked.has(pathKey(path))
      const top = Buffer.from(`${repository.top}/`)
      const files = [...paths].map(([key, path]) => ({
        path,
        file: Buffer.concat([top, pathBytes(path)]),
        known: known.get(key),
      }))
      yield* readFiles(files, { jobs: options.jobs, maxBytes: options.maxBytes, mayBeGone }, signal)
    },
  }
}

/**
 * `git ls-files -z --stage -t`: `H 100644 3b18e51… 0\tsrc/a.ts\0`; the letter is S where a sparse
 * checkout leaves the file out, mode 160000 is a submodule.
 */
async function list(
  repository: Repository & { readonly top: string },
  options: WorktreeOptions,
  signal: AbortSignal,
): Promise<Listing> {
  const place = { cwd: repository.top, env: repository.ownEnv, signal }
  const limits = options.all ? [] : ['--', ...options.paths, ...options.named]
  const index = await readGit({ ...place, args: ['ls-files', '-z', '--stage', '-t', ...limits] })
  const untracked =
    options.all || options.paths.length > 0
      ? await readGit({
          ...place,
          args: ['ls-files', '-z', '--others', '--exclude-standard', ...limits],
        })
      : Buffer.alloc(0)

  const paths = new Map<string, RepoPath>()
  const tracked = new Set<string>()
  const skips: Skip[] = []
  for (const field of zFields(index)) {
    const tab = field.indexOf(9)
    const path = repoPath(field.subarray(tab + 1))
    const [letter, mode] = field.toString('latin1', 0, tab).split(' ')
    tracked.add(pathKey(path))
    if (mode === '160000') skips.push({ outcome: 'bounded', reason: 'submodule', path })
    else if (letter === 'S') skips.push({ outcome: 'bounded', reason: 'sparse', path })
    else paths.set(pathKey(path), path)
  }
  const others = new Map([...zFields(untracked)].map(repoPath).map((path) => [pathKey(path), path]))
  for (const [key, path] of others) paths.set(key, path)
  for (const text of options.named) paths.set(pathKey({ text }), { text })
  return { tracked, others: new Set(others.keys()), paths, skips }
}
