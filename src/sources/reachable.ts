import { linesOf } from '../git/lines.ts'
import { ScanError } from '../errors.ts'
import type { Repository } from '../git/repository.ts'
import { startGit } from '../git/run.ts'

/**
 * Names of the objects that refs lead to, in the order of their history; with `since`, only what commits after that date
 * brought. `git rev-list --objects` gives `41a1…e7` for commits and `3b18e5… src/a.ts` for what they hold.
 */
export async function reachableObjects(repository: Repository, since: string | undefined): Promise<readonly string[]> {
  const ids: string[] = []
  const edge = since === undefined ? [] : [`--since=${since}`, '--objects-edge']
  const git = startGit({ ...repository, args: ['rev-list', '--objects', '--all', '--missing=allow-any', ...edge] })
  for await (const lines of linesOf(git.stdout)) {
    for (const line of lines) if (/^[0-9a-f]{40}/.test(line)) ids.push(line.slice(0, repository.idLength))
  }
  const failure = await git.failure
  if (failure !== undefined) throw new ScanError(`git rev-list failed: ${failure}`)
  return ids
}
