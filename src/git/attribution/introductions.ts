/** Finds the commits that introduced or removed wanted objects, by asking git for tree diffs. */
import { ScanError } from '../../model/errors.ts'
import type { RepoPath } from '../../model/model.ts'
import { parseRawDiff, RAW_DIFF_ARGS } from '../commands/diff-raw.ts'
import { type GitCall, type GitProcess, type GitRun, linesOf, startGit } from '../commands/run.ts'
import { mergeAsync } from '../objects/merge-async.ts'
import { MAX_PATHS } from './place-limit.ts'

/** A commit that introduced an object at a path, or removed it there. */
export interface Event {
  readonly object: string
  readonly commit: string
  readonly path: RepoPath
}

/** The path of an event that stands for paths of its object beyond the limit. */
export const FURTHER_PATHS: RepoPath = { text: '' }

/** The objects whose history is wanted. */
export interface WantedIds {
  readonly ids: ReadonlySet<string>
  /** True when some of the ids may be those of folders. */
  readonly folders: boolean
}

/** The commits that introduced and removed wanted objects. */
export interface Changes {
  readonly introductions: readonly Event[]
  readonly removals: readonly Event[]
}

export const NO_CHANGES: Changes = { introductions: [], removals: [] }

export function mergeChanges(first: Changes, second: Changes): Changes {
  return {
    introductions: [...first.introductions, ...second.introductions],
    removals: [...first.removals, ...second.removals],
  }
}

/** Folders within folders can have more paths than fit into memory. */
export const MAX_EVENTS = 500_000

/**
 * Git prints nothing while it collects the paths of one commit, of which there can be 10^10. Then the
 * whole history is read instead, which visits each folder once.
 */
const MAX_SILENCE_MS = 2000

/** Gits that compare trees in parallel, and the number of commits that justifies one. */
const MAX_GITS = 2
const COMMITS_PER_GIT = 200

/**
 * Yields where wanted objects were introduced, in one pass over every commit of the store,
 * reachable or not. A merge introduces an object when it differs from all parents, so content that
 * only a merge introduced is found.
 */
export async function* introductions(
  call: GitCall,
  { ids, folders }: WantedIds,
  onFailure: (detail: string) => void,
): AsyncGenerator<Event> {
  const list = startGit({
    ...call,
    args: [
      'cat-file',
      '--batch-all-objects',
      '--batch-check=%(objecttype) %(objectname)',
      '--unordered',
      '--buffer',
    ],
  })
  const gits = startDiffs(call, folders, { commits: commitsOf(list.stdout), count: MAX_GITS })
  for await (const change of mergeAsync(
    gits.map((git) => parseRawDiff(git.stdout, (id) => ids.has(id))),
  )) {
    yield { object: change.id, commit: change.commit, path: change.path }
  }
  const failures = await Promise.all(gits.map((git) => git.failure))
  // A failed git leaves the list unread, and the git that prints the list would block for ever.
  if (failures.some((failure) => failure !== undefined)) list.stop()
  for (const failure of [...failures, await list.failure])
    if (failure !== undefined) onFailure(failure)
}

/**
 * Returns the changes of wanted objects in some commits. An object was removed when all parents
 * have it at a path, and the commit has not or has it with another mode. Throws ScanError when git
 * fails or is silent for long, and when there are more than `maxEvents` changes or more than
 * `MAX_PATHS` of one object.
 */
export async function changesOf(
  call: GitCall,
  { ids, folders }: WantedIds,
  commits: readonly string[],
  maxEvents = MAX_EVENTS,
): Promise<Changes> {
  const changes: Record<keyof Changes, Event[]> = { introductions: [], removals: [] }
  const counts = new Map<string, number>()
  const gits = startDiffs({ ...call, maxSilentMs: MAX_SILENCE_MS }, folders, {
    commits: inBlocks(commits),
    count: Math.min(MAX_GITS, Math.ceil(commits.length / COMMITS_PER_GIT)),
  })
  for await (const { id, commit, path, oldIds, status } of mergeAsync(
    gits.map((git) => parseRawDiff(git.stdout)),
  )) {
    if (ids.has(id)) {
      changes.introductions.push({ object: id, commit, path })
      counts.set(id, (counts.get(id) ?? 0) + 1)
    }
    const [oldId, ...otherOldIds] = oldIds
    // Status `A`: one of the parents has no object there.
    if (oldId !== undefined && otherOldIds.length === 0 && ids.has(oldId) && !status.includes('A'))
      changes.removals.push({ object: oldId, commit, path })
    const count = changes.introductions.length + changes.removals.length
    if (count <= maxEvents && (counts.get(id) ?? 0) <= MAX_PATHS) continue
    for (const git of gits) git.stop()
    throw new ScanError(`git diff-tree printed more than ${Math.min(count - 1, maxEvents)} changes`)
  }
  for (const git of gits) {
    const failure = await git.failure
    if (failure !== undefined) throw new ScanError(`git diff-tree failed: ${failure}`)
  }
  return changes
}

/** Starts gits that share a list of commits and compare each commit with all of its parents. */
function startDiffs(
  call: GitCall & Pick<GitRun, 'maxSilentMs'>,
  folders: boolean,
  { commits, count }: { readonly commits: AsyncIterator<string>; readonly count: number },
): readonly GitProcess[] {
  const args = [...RAW_DIFF_ARGS, '--no-renames', ...(folders ? ['-t'] : [])]
  return Array.from({ length: count }, () => startGit({ ...call, args, input: shareOf(commits) }))
}

/** Yields the blocks that one of several consumers takes from a shared iterator. */
async function* shareOf(blocks: AsyncIterator<string>): AsyncGenerator<string> {
  for (let step = await blocks.next(); !step.done; step = await blocks.next()) yield step.value
}

async function* inBlocks(commits: readonly string[]): AsyncGenerator<string> {
  for (let at = 0; at < commits.length; at += COMMITS_PER_GIT)
    yield commits
      .slice(at, at + COMMITS_PER_GIT)
      .map((id) => `${id}\n`)
      .join('')
}

/** Filters lines `commit 41a1…e7` and others, and yields the ids of the commits, one a line. */
async function* commitsOf(output: AsyncIterable<Buffer>): AsyncGenerator<string> {
  for await (const lines of linesOf(output)) {
    const ids = lines
      .filter((line) => line.startsWith('commit '))
      .map((line) => `${line.slice('commit '.length)}\n`)
    if (ids.length > 0) yield ids.join('')
  }
}
