import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ScanError, UsageError } from '../errors.ts'
import { type RawChange, parseRawDiff } from '../git/diff-raw.ts'
import type { ObjectReader } from '../git/objects.ts'
import { commitOf, type Repository } from '../git/repository.ts'
import { readGit, startGit } from '../git/run.ts'
import type { Origin, Skip, Source } from '../model.ts'
import { changedSource, collectChanges } from './changes.ts'

/** A range whose ends are commits of this repository. */
export interface CommitRange {
  readonly base: string
  readonly head: string
}

/** `base..head` → ids. UsageError for another form, ScanError when an end is no commit here. */
export async function resolveRange(repository: Repository, text: string): Promise<CommitRange> {
  const [base, head, ...more] = text.split('..')
  if (!base || !head || more.length > 0 || head.startsWith('.')) throw new UsageError(`'${text}' is not a range; write <base>..<head>, for example origin/main..HEAD`)
  return { base: await resolveEnd(repository, base), head: await resolveEnd(repository, head) }
}

/**
 * What the commits of a range bring: every version of every file that differs from all of its parents' versions, and
 * the commits' own messages.
 */
export function rangeSource(repository: Repository, reader: ObjectReader, range: CommitRange): Source {
  return changedSource(reader, async (signal) => {
    const list = await readGit({ ...repository, args: ['rev-list', range.head, `^${range.base}`], signal })
    const commits = list.toString('latin1').split('\n').filter((id) => id !== '')
    const git = startGit({
      ...repository,
      args: ['diff-tree', '--stdin', '--root', '-r', '-c', '--raw', '-z', '-M', '--no-abbrev', '--no-ext-diff', '--no-textconv'],
      input: [commits.map((id) => `${id}\n`).join('')],
      signal,
    })
    const { objects, names, skips } = await collectChanges(parseRawDiff(git.stdout), originOf)
    const failure = await git.failure
    for (const id of commits) objects.set(id, [{ kind: 'message', object: id, commit: id }])
    const failed: readonly Skip[] = failure === undefined ? [] : [{ outcome: 'failed', reason: 'git-failed', detail: failure }]
    return { objects, names, skips: [...skips, ...failed, ...(await cutOff(repository, commits))] }
  })
}

/** Commits whose parents a shallow clone does not have: what came before them in the range was not seen. */
async function cutOff(repository: Repository, commits: readonly string[]): Promise<readonly Skip[]> {
  if (!repository.shallow) return []
  const edges = new Set((await readFile(join(repository.commonDir, 'shallow'), 'latin1')).split('\n'))
  return commits
    .filter((id) => edges.has(id))
    .map((object) => ({ outcome: 'failed', reason: 'shallow', object, detail: 'the range goes beyond this shallow clone; git fetch --unshallow' }))
}

async function resolveEnd(repository: Repository, revision: string): Promise<string> {
  const id = await commitOf(repository, revision)
  if (id === undefined) throw new ScanError(`'${revision}' is not a commit of this repository${repository.shallow ? ', a shallow clone; git fetch --unshallow' : '; was it fetched?'}`)
  return id
}

function originOf(change: RawChange): Origin {
  return { kind: 'commit', path: change.path, object: change.id, commit: change.commit, replaces: change.replaces }
}
