import { ScanError } from '../../model/errors.ts'
import { fetchEnvironment } from './environment.ts'
import type { Repository } from './repository.ts'
import { type GitCall, startGit } from './run.ts'

export interface FetchRequest {
  /** Ids of commits, or refspecs. */
  readonly what: readonly string[]
  /** So many commits from each; all with `everything`; absent: as far as the clone goes. */
  readonly depth?: number | 'everything'
}

/**
 * Objects from the user's own remote `origin`, without a ref, a tag or a file that is touched.
 * Rejects with what git says, in one line.
 */
export async function fetchFromOrigin(
  repository: Repository,
  env: Readonly<Record<string, string | undefined>>,
  { what, depth }: FetchRequest,
  signal: AbortSignal,
): Promise<void> {
  const how =
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
      ...how,
      '--end-of-options',
      'origin',
      ...what,
    ],
  })
  for await (const _ of git.stdout);
  const failure = await git.failure
  if (failure !== undefined) throw new ScanError(failure)
}
