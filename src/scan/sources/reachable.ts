import { isOfShard, type Shard } from '../../model/shard.ts'
import { ScanError, UsageError } from '../../model/errors.ts'
import { gitOutput, type Repository } from '../../git/commands/repository.ts'
import { startGit, linesOf } from '../../git/commands/run.ts'

/**
 * Git reads any words as a date, and those that say nothing as this very moment
 * (`--max-age=1735689600`): a history since then is empty, and would be called clean. UsageError
 * for such a date, and for one to come.
 */
export async function checkDate(repository: Repository, date: string): Promise<void> {
  const now = Math.floor(Date.now() / 1000)
  const [, seconds] =
    /^--max-age=(\d+)/.exec(await gitOutput(repository, ['rev-parse', `--since=${date}`])) ?? []
  if (seconds === undefined || Number(seconds) >= now)
    throw new UsageError(
      `'${date}' is no date in the past that git understands; write 2024-01-31 or '2 weeks ago'`,
    )
}

/** What of a history is asked for. */
interface Reach {
  /** Only what commits after that date brought. */
  readonly since: string | undefined
  readonly shard?: Shard | undefined
}

/**
 * Names of the objects that refs lead to, in the order of their history; of a shard its own, and
 * trees of others, which have names of its blobs.
 */
export async function reachableObjects(
  repository: Repository,
  { since, shard }: Reach,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const all = await walked(repository, since, [], signal)
  if (shard === undefined) return all.map(({ id }) => id)
  const own = all.filter(({ id }) => isOfShard(id, shard))
  const others = (await walked(repository, since, ['--filter=blob:none'], signal)).filter(
    ({ id, named }) => named && !isOfShard(id, shard),
  )
  return [...own, ...others].map(({ id }) => id)
}

interface Walked {
  readonly id: string
  /** Commits have no name. */
  readonly named: boolean
}

/**
 * `git rev-list --objects` gives `41a1…e7` for commits, `3b18e5… src/a.ts` for what they hold, and
 * `9f02c4… ` for the tree at the top.
 */
async function walked(
  repository: Repository,
  since: string | undefined,
  filter: readonly string[],
  signal: AbortSignal,
): Promise<readonly Walked[]> {
  const objects: Walked[] = []
  const edge = since === undefined ? [] : [`--since=${since}`, '--objects-edge']
  const git = startGit({
    ...repository,
    args: ['rev-list', '--objects', '--all', '--missing=allow-any', ...filter, ...edge],
    signal,
  })
  for await (const lines of linesOf(git.stdout)) {
    for (const line of lines)
      if (/^[0-9a-f]{40}/.test(line))
        objects.push({
          id: line.slice(0, repository.idLength),
          named: line.length > repository.idLength,
        })
  }
  const failure = await git.failure
  if (failure !== undefined) throw new ScanError(`git rev-list failed: ${failure}`)
  return objects
}
