import { join } from 'node:path'
import { readRegularFile } from '../../model/regular-file.ts'
import type { RawChange } from '../../git/commands/diff-raw.ts'
import { commitOf, type Repository } from '../../git/commands/repository.ts'
import { readGit } from '../../git/commands/run.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import { ScanError, UsageError } from '../../model/errors.ts'
import type { Origin, Skip, Source } from '../../model/model.ts'
import type { CommitSet } from '../../model/target.ts'
import { changedSource, collectChanges } from './changes.ts'
import { commitChanges } from './commit-changes.ts'
import { followHeads } from './heads.ts'

/** A range whose ends are ids of objects in this repository. */
export interface CommitRange extends CommitSet {
  /** Ends of the range, as the receipt shows them. */
  readonly receiptRange: { readonly base: string; readonly head: string }
}

/** Ends listed in a receipt: a push may have thousands. */
const MAX_LISTED_ENDS = 8

/**
 * Resolves `base..head` to ids. Throws UsageError for text of another form, ScanError when an end
 * is no commit of this repository.
 */
export async function resolveRange(
  repository: Repository,
  range: string | CommitSet,
): Promise<CommitRange> {
  if (typeof range !== 'string')
    return {
      ...range,
      receiptRange: {
        base: listEnds([...range.without, ...(range.withoutRefs ?? [])]),
        head: listEnds(range.heads),
      },
    }
  const [base, head, ...more] = range.split('..')
  if (!base || !head || more.length > 0 || head.startsWith('.'))
    throw new UsageError(
      `'${range}' is not a range; write <base>..<head>, for example origin/main..HEAD`,
    )
  const receiptRange = {
    base: await resolveEnd(repository, base),
    head: await resolveEnd(repository, head),
  }
  return { heads: [receiptRange.head], without: [receiptRange.base], receiptRange }
}

function listEnds(ends: readonly string[]): string {
  const more = ends.length - MAX_LISTED_ENDS
  return [...ends.slice(0, MAX_LISTED_ENDS), ...(more > 0 ? [`and ${more} more`] : [])].join(' ')
}

/**
 * Reads the content that the commits of a range introduce: every version of a file that differs
 * from the version of each parent, the messages of the commits, and heads that are no commits.
 */
export function rangeSource(
  repository: Repository,
  reader: ObjectReader,
  range: CommitRange,
): Source {
  return changedSource(reader, async (signal) => {
    const heads = await followHeads(repository, reader, range.heads, signal)
    const commits = await commitsOf(repository, { ...range, heads: heads.commits }, signal)
    const changes = commitChanges(commits, { repository, reader, signal })
    const { objects, names, skips } = await collectChanges(changes, originOf)
    for (const id of commits) objects.set(id, [{ kind: 'message', object: id, commit: id }])
    for (const [id, origin] of heads.others) if (!objects.has(id)) objects.set(id, [origin])
    const shallow = await shallowSkips(repository, commits)
    return { objects, names, skips: [...heads.skips, ...skips, ...shallow] }
  })
}

/**
 * Lists the commits of a range, newest first. Folders of refs are passed to git as patterns: a
 * command line may be too short for the ids of their refs.
 */
async function commitsOf(
  repository: Repository,
  { heads, without, withoutRefs = [] }: CommitSet,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (heads.length === 0) return []
  const output = await readGit({
    ...repository,
    args: [
      'rev-list',
      '--ignore-missing',
      '--stdin',
      '--not',
      ...withoutRefs.map((name) => `--glob=${name}/*`),
    ],
    input: [...heads.map((id) => `${id}\n`), ...without.map((id) => `^${id}\n`)],
    signal,
  })
  return output
    .toString('latin1')
    .split('\n')
    .filter((id) => id !== '')
}

/** Reports commits whose parents a shallow clone lacks: earlier commits of the range are missed. */
async function shallowSkips(
  repository: Repository,
  commits: readonly string[],
): Promise<readonly Skip[]> {
  if (!repository.shallow) return []
  const file = join(repository.commonDir, 'shallow')
  const edges = new Set(readRegularFile(file).toString('latin1').split('\n'))
  return commits
    .filter((id) => edges.has(id))
    .map((object) => ({
      outcome: 'failed',
      reason: 'shallow',
      object,
      detail: 'the range goes beyond this shallow clone; git fetch --unshallow',
    }))
}

async function resolveEnd(repository: Repository, revision: string): Promise<string> {
  const id = await commitOf(repository, revision)
  if (id !== undefined) return id
  const hint = repository.shallow ? ', a shallow clone; git fetch --unshallow' : '; was it fetched?'
  throw new ScanError(`'${revision}' is not a commit of this repository${hint}`)
}

function originOf(change: RawChange): Origin {
  return {
    kind: 'commit',
    path: change.path,
    object: change.id,
    commit: change.commit,
    replaces: change.oldIds,
  }
}
