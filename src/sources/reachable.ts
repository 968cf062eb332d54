import { linesOf } from '../git/lines.ts'
import { ScanError, UsageError } from '../errors.ts'
import { ask, type Repository } from '../git/repository.ts'
import { startGit } from '../git/run.ts'

/**
 * Git reads any words as a date, and those that say nothing as this very moment (`--max-age=1735689600`): a history since
 * then is empty, and would be called clean. UsageError for such a date, and for one to come.
 */
export async function checkDate(repository: Repository, date: string): Promise<void> {
  const now = Math.floor(Date.now() / 1000)
  const [, seconds] = /^--max-age=(\d+)/.exec(await ask(repository, ['rev-parse', `--since=${date}`])) ?? []
  if (seconds === undefined || Number(seconds) >= now) throw new UsageError(`'${date}' is no date in the past that git understands; write 2024-01-31 or '2 weeks ago'`)
}

/**
 * Names of the objects that refs lead to, in the order of their history; with `since`, only what commits after that date
 * brought. `git rev-list --objects` gives `41a1…e7` for commits and `3b18e5… src/a.ts` for what they hold.
 */
export async function reachableObjects(repository: Repository, since: string | undefined, signal: AbortSignal): Promise<readonly string[]> {
  const ids: string[] = []
  const edge = since === undefined ? [] : [`--since=${since}`, '--objects-edge']
  const git = startGit({ ...repository, args: ['rev-list', '--objects', '--all', '--missing=allow-any', ...edge], signal })
  for await (const lines of linesOf(git.stdout)) {
    for (const line of lines) if (/^[0-9a-f]{40}/.test(line)) ids.push(line.slice(0, repository.idLength))
  }
  const failure = await git.failure
  if (failure !== undefined) throw new ScanError(`git rev-list failed: ${failure}`)
  return ids
}
