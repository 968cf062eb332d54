/** Fetches objects from the remote of a clone that is the user's own. */
import { ScanError } from '../../model/errors.ts'
import { fetchEnvironment } from './environment.ts'
import type { Repository } from './repository.ts'
import { type GitCall, startGit } from './run.ts'

export interface FetchRequest {
  /** Ids of commits, or refspecs. */
  readonly what: readonly string[]
  /** Number of commits from each id, or `everything`. Absent: as far as the clone reaches. */
  readonly depth?: number | 'everything'
}

/**
 * Fetches objects from `origin` without changing a ref, a tag or a file. Throws ScanError with
 * git's message in one line.
 */
export async function fetchFromOrigin(
  repository: Repository,
  env: Readonly<Record<string, string | undefined>>,
  { what, depth }: FetchRequest,
  signal: AbortSignal,
): Promise<void> {
  const depthArgs =
    depth === undefined ? [] : [depth === 'everything' ? '--unshallow' : `--depth=${depth}`]
  const call: GitCall = {
    cwd: repository.top ?? repository.gitDir,
    env: fetchEnvironment(env),
    signal,
  }
  const git = startGit({
    ...call,
    args: [
      'fetch',
      '--quiet',
      '--no-tags',
      '--no-recurse-submodules',
      '--no-write-fetch-head',
      ...depthArgs,
      '--end-of-options',
      'origin',
      ...what,
    ],
  })
  for await (const _ of git.stdout);
  const failure = await git.failure
  if (failure !== undefined) throw new ScanError(failure)
}
