/** Lists the objects that refs lead to, for `oakum history --reachable` and `--since`. */
import { gitOutput, type Repository } from '../../git/commands/repository.ts'
import { linesOf, startGit } from '../../git/commands/run.ts'
import { ScanError, UsageError } from '../../model/errors.ts'
import { isOfShard, type Shard } from '../../model/shard.ts'

/**
 * Throws UsageError for a date that git does not understand, or that is in the future. Git takes
 * any words for a date, unknown ones for the present moment (`--max-age=1735689600`): a history
 * since then is empty, and would be reported as clean.
 */
export async function checkDate(repository: Repository, date: string): Promise<void> {
  const now = Math.floor(Date.now() / 1000)
  const output = await gitOutput(repository, ['rev-parse', `--since=${date}`])
  const [, seconds] = /^--max-age=(\d+)/.exec(output) ?? []
  if (seconds === undefined || Number(seconds) >= now)
    throw new UsageError(
      `'${date}' is no date in the past that git understands; write 2024-01-31 or '2 weeks ago'`,
    )
}

interface ReachableOptions {
  /** Date; objects that older commits introduced are left out. */
  readonly since: string | undefined
  readonly shard?: Shard | undefined
}

/**
 * Returns ids of the objects that refs lead to, in the order of history. For a shard these are its
 * own objects and all trees of other shards, since those may name its blobs.
 */
export async function reachableObjects(
  repository: Repository,
  { since, shard }: ReachableOptions,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const all = await listObjects(repository, since, [], signal)
  if (shard === undefined) return all.map(({ id }) => id)
  const own = all.filter(({ id }) => isOfShard(id, shard))
  const withoutBlobs = await listObjects(repository, since, ['--filter=blob:none'], signal)
  const otherTrees = withoutBlobs.filter(({ id, hasName }) => hasName && !isOfShard(id, shard))
  return [...own, ...otherTrees].map(({ id }) => id)
}

interface ListedObject {
  readonly id: string
  /** False for commits. */
  readonly hasName: boolean
}

/**
 * Parses the output of `git rev-list --objects`: `41a1…e7` for a commit, `3b18e5… src/a.ts` for a
 * tree or blob, and `9f02c4… ` for the tree at the top.
 */
async function listObjects(
  repository: Repository,
  since: string | undefined,
  filter: readonly string[],
  signal: AbortSignal,
): Promise<readonly ListedObject[]> {
  const { idLength } = repository
  const objects: ListedObject[] = []
  const edge = since === undefined ? [] : [`--since=${since}`, '--objects-edge']
  const git = startGit({
    ...repository,
    args: ['rev-list', '--objects', '--all', '--missing=allow-any', ...filter, ...edge],
    signal,
  })
  for await (const lines of linesOf(git.stdout)) {
    for (const line of lines)
      if (/^[0-9a-f]{40}/.test(line))
        objects.push({ id: line.slice(0, idLength), hasName: line.length > idLength })
  }
  const failure = await git.failure
  if (failure !== undefined) throw new ScanError(`git rev-list failed: ${failure}`)
  return objects
}
