import { parseRawDiff } from '../commands/diff-raw.ts'
import { type GitCall, type GitProcess, startGit, linesOf } from '../commands/run.ts'
import { mergeAsync } from '../objects/merge-async.ts'
import { ScanError } from '../../model/errors.ts'
import type { RepoPath } from '../../model/model.ts'

/**
 * A commit that brought an object in at a path, where it differs from all of the commit's parents;
 * or that took it out.
 */
export interface Event {
  readonly object: string
  readonly commit: string
  readonly path: RepoPath
}

/** What is looked for. */
export interface Sought {
  /** Names of objects. */
  readonly ids: ReadonlySet<string>
  /** Names of folders are wanted too. */
  readonly folders: boolean
}

/** What commits did with the objects that are looked for. */
export interface Changes {
  readonly introductions: readonly Event[]
  readonly removals: readonly Event[]
}

export const NO_CHANGES: Changes = { introductions: [], removals: [] }

/** What some did, and what others did. */
export function mergeChanges(some: Changes, others: Changes): Changes {
  return {
    introductions: [...some.introductions, ...others.introductions],
    removals: [...some.removals, ...others.removals],
  }
}

/** Folders within folders can have more paths than there is memory for. */
export const MAX_EVENTS = 500_000

/** Gits that compare trees at the same time, and how many commits are worth one. */
const LANES = 2
const COMMITS_PER_LANE = 200

/**
 * One pass over every commit of the store, reachable or not: where the wanted objects came in.
 * Merges count where they differ from all parents, so content that only a merge brought is seen.
 */
export async function* introductions(
  call: GitCall,
  { ids, folders }: Sought,
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
  const gits = compare(call, folders, { commits: commitsOf(list.stdout), lanes: LANES })
  for await (const change of mergeAsync(
    gits.map((git) => parseRawDiff(git.stdout, (id) => ids.has(id))),
  )) {
    yield { object: change.id, commit: change.commit, path: change.path }
  }
  const failures = await Promise.all(gits.map((git) => git.failure))
  // Nobody reads the list any more, and git would wait for that forever.
  if (failures.some((failure) => failure !== undefined)) list.stop()
  for (const failure of [...failures, await list.failure])
    if (failure !== undefined) onFailure(failure)
}

/**
 * What these commits alone did. An object was taken out where all parents have it at a path, and
 * the commit has not, or in another mode. Throws ScanError when git fails, and when that is more
 * than `most`.
 */
export async function changesOf(
  call: GitCall,
  { ids, folders }: Sought,
  commits: readonly string[],
  most = MAX_EVENTS,
): Promise<Changes> {
  const changes: Record<keyof Changes, Event[]> = { introductions: [], removals: [] }
  const gits = compare(call, folders, {
    commits: inParts(commits),
    lanes: Math.min(LANES, Math.ceil(commits.length / COMMITS_PER_LANE)),
  })
  for await (const { id, commit, path, oldIds: replaces, status } of mergeAsync(
    gits.map((git) => parseRawDiff(git.stdout)),
  )) {
    if (ids.has(id)) changes.introductions.push({ object: id, commit, path })
    const [before, ...others] = replaces
    // `A`: one of the parents had nothing there.
    if (before !== undefined && others.length === 0 && ids.has(before) && !status.includes('A'))
      changes.removals.push({ object: before, commit, path })
    if (changes.introductions.length + changes.removals.length <= most) continue
    for (const git of gits) git.stop()
    throw new ScanError(`git diff-tree told of more than ${most} changes`)
  }
  for (const git of gits) {
    const failure = await git.failure
    if (failure !== undefined) throw new ScanError(`git diff-tree failed: ${failure}`)
  }
  return changes
}

/**
 * Gits that share a list of commits, given one a line, and compare each with all of its parents.
 */
function compare(
  call: GitCall,
  folders: boolean,
  { commits, lanes }: { readonly commits: AsyncIterator<string>; readonly lanes: number },
): readonly GitProcess[] {
  const args = [
    'diff-tree',
    '--stdin',
    '--root',
    '-r',
    ...(folders ? ['-t'] : []),
    '-c',
    '--raw',
    '-z',
    '--no-renames',
    '--no-abbrev',
    '--no-ext-diff',
    '--no-textconv',
  ]
  return Array.from({ length: lanes }, () => startGit({ ...call, args, input: shareOf(commits) }))
}

/** What one of several takes from a common list. */
async function* shareOf(texts: AsyncIterator<string>): AsyncGenerator<string> {
  for (let step = await texts.next(); !step.done; step = await texts.next()) yield step.value
}

async function* inParts(commits: readonly string[]): AsyncGenerator<string> {
  for (let at = 0; at < commits.length; at += COMMITS_PER_LANE)
    yield commits
      .slice(at, at + COMMITS_PER_LANE)
      .map((id) => `${id}\n`)
      .join('')
}

/** `commit 41a1…e7` lines among others → the names of commits, one a line. */
async function* commitsOf(output: AsyncIterable<Buffer>): AsyncGenerator<string> {
  for await (const lines of linesOf(output)) {
    const names = lines
      .filter((line) => line.startsWith('commit '))
      .map((line) => `${line.slice(7)}\n`)
    if (names.length > 0) yield names.join('')
  }
}
