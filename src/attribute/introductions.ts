import { parseRawDiff } from '../git/diff-raw.ts'
import { linesOf } from '../git/lines.ts'
import { type GitCall, startGit } from '../git/run.ts'
import { soonest } from '../git/soonest.ts'
import type { RepoPath } from '../model.ts'

/** A commit that brought an object in at a path: it differs there from all of the commit's parents. */
export interface Event {
  readonly object: string
  readonly commit: string
  readonly path: RepoPath
}

/** Gits that compare trees at the same time. */
const LANES = 2

/**
 * One pass over every commit of the store, reachable or not: where the wanted objects came in. Merges count where they
 * differ from all parents, so content that only a merge brought is seen. `trees`: names of folders are wanted too.
 */
export async function* introductions(call: GitCall, wanted: ReadonlySet<string>, trees: boolean, onFailure: (detail: string) => void): AsyncGenerator<Event> {
  const list = startGit({ ...call, args: ['cat-file', '--batch-all-objects', '--batch-check=%(objecttype) %(objectname)', '--unordered', '--buffer'] })
  const commits = commitsOf(list.stdout)
  const args = ['diff-tree', '--stdin', '--root', '-r', ...(trees ? ['-t'] : []), '-c', '--raw', '-z', '--no-renames', '--no-abbrev', '--no-ext-diff', '--no-textconv']
  const gits = Array.from({ length: LANES }, () => startGit({ ...call, args, input: shareOf(commits) }))
  for await (const change of soonest(gits.map((git) => parseRawDiff(git.stdout, (id) => wanted.has(id))))) {
    yield { object: change.id, commit: change.commit, path: change.path }
  }
  const failures = await Promise.all(gits.map((git) => git.failure))
  // Nobody reads the list any more, and git would wait for that forever.
  if (failures.some((failure) => failure !== undefined)) list.stop()
  for (const failure of [...failures, await list.failure]) if (failure !== undefined) onFailure(failure)
}

/** What one of several takes from a common list. */
async function* shareOf(texts: AsyncIterator<string>): AsyncGenerator<string> {
  for (let step = await texts.next(); !step.done; step = await texts.next()) yield step.value
}

/** `commit 41a1…e7` lines among others → the names of commits, one a line. */
async function* commitsOf(output: AsyncIterable<Buffer>): AsyncGenerator<string> {
  for await (const lines of linesOf(output)) {
    const names = lines.filter((line) => line.startsWith('commit ')).map((line) => `${line.slice(7)}\n`)
    if (names.length > 0) yield names.join('')
  }
}
