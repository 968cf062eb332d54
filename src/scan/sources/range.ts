import { promises } from 'node:fs'
import { join } from 'node:path'
import { ScanError, UsageError } from '../../model/errors.ts'
import { type RawChange, parseRawDiff } from '../../git/commands/diff-raw.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import { commitOf, type Repository } from '../../git/commands/repository.ts'
import { readGit, startGit, gitFailed } from '../../git/commands/run.ts'
import type { Origin, Skip, Source } from '../../model/model.ts'
import type { CommitSet } from '../../model/target.ts'
import { changedSource, collectChanges } from './changes.ts'
import { followHeads } from './heads.ts'

/** A range whose ends are objects of this repository. */
export interface CommitRange extends CommitSet {
  /** For the receipt. */
  readonly told: { readonly base: string; readonly head: string }
}

/** Ends named in a receipt: a push may have thousands. */
const MAX_NAMED = 8

/** `base..head` → ids. UsageError for another form, ScanError when an end is no commit here. */
export async function resolveRange(
  repository: Repository,
  range: string | CommitSet,
): Promise<CommitRange> {
  if (typeof range !== 'string')
    return {
      ...range,
      told: {
        base: named([...range.without, ...(range.withoutRefs ?? [])]),
        head: named(range.heads),
      },
    }
  const [base, head, ...more] = range.split('..')
  if (!base || !head || more.length > 0 || head.startsWith('.'))
    throw new UsageError(
      `'${range}' is not a range; write <base>..<head>, for example origin/main..HEAD`,
    )
  const told = {
    base: await resolveEnd(repository, base),
    head: await resolveEnd(repository, head),
  }
  return { heads: [told.head], without: [told.base], told }
}

function named(ends: readonly string[]): string {
  const more = ends.length - MAX_NAMED
  return [...ends.slice(0, MAX_NAMED), ...(more > 0 ? [`and ${more} more`] : [])].join(' ')
}

/**
 * What the commits of a range bring: every version of every file that differs from all of its
 * parents' versions, the commits' own messages, and the heads that are no commits.
 */
export function rangeSource(
  repository: Repository,
  reader: ObjectReader,
  range: CommitRange,
): Source {
  return changedSource(reader, async (signal) => {
    const heads = await followHeads(repository, reader, range.heads, signal)
    const commits = await commitsOf(repository, { ...range, heads: heads.commits }, signal)
    const git = startGit({
      ...repository,
      args: [
        'diff-tree',
        '--stdin',
        '--root',
        '-r',
        '-c',
        '--raw',
        '-z',
        '-M',
        '--no-abbrev',
        '--no-ext-diff',
        '--no-textconv',
      ],
      input: [commits.map((id) => `${id}\n`).join('')],
      signal,
    })
    const { objects, names, skips } = await collectChanges(parseRawDiff(git.stdout), originOf)
    const failure = await git.failure
    for (const id of commits) objects.set(id, [{ kind: 'message', object: id, commit: id }])
    for (const [id, origin] of heads.others) if (!objects.has(id)) objects.set(id, [origin])
    const failed = failure === undefined ? [] : [gitFailed(failure)]
    return {
      objects,
      names,
      skips: [...heads.skips, ...skips, ...failed, ...(await cutOff(repository, commits))],
    }
  })
}

/**
 * Newest first. Whole refs go to git by their names: there may be more of them than a command line
 * holds.
 */
async function commitsOf(
  repository: Repository,
  { heads, without, withoutRefs = [] }: CommitSet,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (heads.length === 0) return []
  const list = await readGit({
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
  return list
    .toString('latin1')
    .split('\n')
    .filter((id) => id !== '')
}

/**
 * Commits whose parents a shallow clone does not have: what came before them in the range was not
 * seen.
 */
async function cutOff(
  repository: Repository,
  commits: readonly string[],
): Promise<readonly Skip[]> {
  if (!repository.shallow) return []
  const edges = new Set(
    (await promises.readFile(join(repository.commonDir, 'shallow'), 'latin1')).split('\n'),
  )
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
  if (id === undefined)
    throw new ScanError(
      `'${revision}' is not a commit of this repository${repository.shallow ? ', a shallow clone; git fetch --unshallow' : '; was it fetched?'}`,
    )
  return id
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
