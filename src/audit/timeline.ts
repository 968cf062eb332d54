/** Reads the life of a credential from git: the commits that added, changed and removed it. */
import { parseRawDiff, RAW_DIFF_ARGS, type RawChange } from '../git/commands/diff-raw.ts'
import { pathBytes, zFields } from '../git/commands/path.ts'
import type { Repository } from '../git/commands/repository.ts'
import { type GitCall, readGit, startGit } from '../git/commands/run.ts'
import type { Finding, RepoPath } from '../model/model.ts'
import type { ShownChange, ShownLife } from '../model/shown.ts'

/** Paths of one finding whose history is read. */
const MAX_PATHS = 20

/** Git is silent for longer only at a commit with very many paths, whose changes are not shown. */
const MAX_SILENCE_MS = 10_000

/** Changes shown of one finding. */
const MAX_CHANGES = 500

/** Commits passed to git besides its refs, for commits that no ref and no reflog reaches. */
const MAX_START_COMMITS = 200

type TextCleaner = (text: string) => string

/** Change of a credential, before the details of its commit are read. */
type ChangeEvent = Pick<ShownChange, 'what' | 'commit' | 'path'>

/**
 * Reads the life of a credential: each commit that added it to a path, changed the file around it,
 * or removed it. `clean` removes secrets and escapes control characters.
 */
export async function readLife(
  finding: Finding,
  repository: Repository,
  clean: TextCleaner,
  signal: AbortSignal,
): Promise<ShownLife> {
  const call: GitCall = { cwd: repository.gitDir, env: withoutWorkTree(repository), signal }
  const paths = committedPaths(finding)
  const events = [
    ...(await pathEvents(finding, paths.slice(0, MAX_PATHS), call)),
    ...nameEvents(finding),
  ]
  const details = await readCommitDetails(call, [...new Set(events.map(({ commit }) => commit))])
  const changes = events
    .flatMap(({ what, commit, path }) => {
      const commitDetails = details.get(commit)
      if (commitDetails === undefined) return []
      const { date, author, subject, seconds } = commitDetails
      const change: ShownChange = {
        what,
        commit,
        path: clean(path),
        date: clean(date),
        author: clean(author),
        subject: clean(subject),
      }
      return [{ change, seconds }]
    })
    .toSorted(
      (a, b) => a.seconds - b.seconds || changeRank(a.change.what) - changeRank(b.change.what),
    )
    .map(({ change }) => change)
  const note = limitNote(paths.length, changes.length)
  return { changes: changes.slice(0, MAX_CHANGES), ...(note !== undefined && { note }) }
}

/** Returns the paths at which commits hold the credential. */
function committedPaths({ places }: Finding): readonly RepoPath[] {
  const paths = new Map(
    places.flatMap(({ origin }) =>
      origin.kind === 'commit' && !origin.inName && origin.path !== undefined
        ? [[origin.path.text, origin.path] as const]
        : [],
    ),
  )
  return [...paths.values()]
}

/** Reads the changes of the credential in the content of files. */
async function pathEvents(
  finding: Finding,
  paths: readonly RepoPath[],
  call: GitCall,
): Promise<readonly ChangeEvent[]> {
  if (paths.length === 0) return []
  const blobs = new Set(
    finding.places.flatMap(({ origin }) =>
      origin.kind === 'commit' && !origin.inName ? (origin.object ?? []) : [],
    ),
  )
  const changes = await readChanges(call, paths, startCommits(finding))
  return changes.flatMap((change) => {
    const what = changeKind(change, blobs)
    return what === undefined ? [] : [{ what, commit: change.commit, path: change.path.text }]
  })
}

/** Returns an event for each place in a file name or a commit message. */
function nameEvents({ places }: Finding): readonly ChangeEvent[] {
  return places.flatMap(({ origin: { inName, kind, commit, path } }) =>
    (inName || kind === 'message') && commit !== undefined
      ? [{ what: 'entered' as const, commit, path: inName ? (path?.text ?? '') : 'its message' }]
      : [],
  )
}

function limitNote(paths: number, changes: number): string | undefined {
  if (paths > MAX_PATHS) return `only the first ${MAX_PATHS} of ${paths} paths`
  return changes > MAX_CHANGES ? `only the first ${MAX_CHANGES} of ${changes} changes` : undefined
}

/** Returns an environment without a work tree, in which git takes paths from the top folder. */
function withoutWorkTree({ env, gitDir }: Repository): Repository['env'] {
  return { ...env, GIT_DIR: gitDir }
}

/** Returns commits of the finding itself, which git may not reach from any ref. */
function startCommits({ places, attribution }: Finding): readonly string[] {
  const commits = [attribution?.last?.commit, ...places.map(({ origin }) => origin.commit)]
  return [...new Set(commits.filter((commit) => commit !== undefined))].slice(0, MAX_START_COMMITS)
}

/**
 * Reads the changes that commits made to paths. A merge counts only where it differs from all of
 * its parents.
 */
async function readChanges(
  call: GitCall,
  paths: readonly RepoPath[],
  starts: readonly string[],
): Promise<readonly RawChange[]> {
  const names = paths.map((path) => pathBytes(path).toString('latin1'))
  // Node passes arguments as text, so a path that is not UTF-8 cannot be one: then git lists the
  // changes of all paths, which are compared below.
  const texts = paths.every(({ bytes }) => bytes === undefined) ? paths.map(({ text }) => text) : []
  const commits = await readGit({
    ...call,
    args: [
      'log',
      '--all',
      '--reflog',
      '--full-history',
      '--format=%H',
      '--no-show-signature',
      ...starts,
      '--',
      ...texts,
    ],
  })
  const git = startGit({
    ...call,
    args: [...RAW_DIFF_ARGS, '--no-renames', '--', ...texts],
    input: [commits.toString('latin1')],
    maxSilentMs: MAX_SILENCE_MS,
  })
  const changes: RawChange[] = []
  for await (const change of parseRawDiff(git.stdout))
    if (names.includes(pathBytes(change.path).toString('latin1'))) changes.push(change)
  await git.failure
  return changes
}

/** Classifies a change by the blobs that hold the credential. */
function changeKind(
  { id, oldIds }: RawChange,
  blobs: ReadonlySet<string>,
): ShownChange['what'] | undefined {
  const before = oldIds.some((object) => blobs.has(object))
  if (blobs.has(id)) return before ? 'changed' : 'entered'
  return before ? 'left' : undefined
}

/** Orders changes of the same second. */
function changeRank(what: ShownChange['what']): number {
  return ['left', 'changed', 'entered'].indexOf(what)
}

interface CommitDetails {
  /** ISO 8601. */
  readonly date: string
  /** Commit time in seconds since 1970, to sort by. */
  readonly seconds: number
  readonly author: string
  readonly subject: string
}

/** Reads date, author and subject of commits. */
async function readCommitDetails(
  call: GitCall,
  commits: readonly string[],
): Promise<ReadonlyMap<string, CommitDetails>> {
  if (commits.length === 0) return new Map()
  const output = await readGit({
    ...call,
    args: [
      'log',
      '--no-walk=unsorted',
      '--stdin',
      '-z',
      '--no-show-signature',
      '--format=%H%n%ct%n%cI%n%an%n%s',
    ],
    input: [`${commits.join('\n')}\n`],
  })
  return new Map(
    [...zFields(output)].map((field) => {
      const [commit = '', seconds = '', date = '', author = '', ...subject] = field
        .toString('utf8')
        .split('\n')
      return [
        commit,
        { seconds: Number(seconds), date, author, subject: subject.join(' ') },
      ] as const
    }),
  )
}
