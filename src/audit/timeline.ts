import { parseRawDiff, type RawChange } from '../git/commands/diff-raw.ts'
import { pathBytes, zFields } from '../git/commands/path.ts'
import type { Repository } from '../git/commands/repository.ts'
import { type GitCall, readGit, startGit } from '../git/commands/run.ts'
import type { Finding, RepoPath } from '../model/model.ts'
import type { ShownChange, ShownLife } from '../model/shown.ts'

/** Paths of one finding whose history is read, and changes that are told. */
const MAX_PATHS = 20
const MAX_CHANGES = 500

/** Commits that nothing leads to any more are named to git, which does not know them otherwise. */
const MAX_START_COMMITS = 200

type TextCleaner = (text: string) => string

/**
 * The life of a credential: each commit that brought it to a path, changed the file around it, or
 * took it away. `clean` scrubs and escapes.
 */
export async function readLife(
  finding: Finding,
  repository: Repository,
  clean: TextCleaner,
  signal: AbortSignal,
): Promise<ShownLife> {
  const call: GitCall = { cwd: repository.gitDir, env: withoutWorkTree(repository), signal }
  const holding = new Set(
    finding.places.flatMap(({ origin }) =>
      origin.kind === 'commit' && !origin.inName ? (origin.object ?? []) : [],
    ),
  )
  const paths = new Map(
    finding.places.flatMap(({ origin }) =>
      origin.kind === 'commit' && !origin.inName && origin.path !== undefined
        ? [[origin.path.text, origin.path] as const]
        : [],
    ),
  )
  const named = finding.places.flatMap(({ origin }) =>
    (origin.inName || origin.kind === 'message') && origin.commit !== undefined
      ? [{ commit: origin.commit, path: origin.inName ? (origin.path?.text ?? '') : 'its message' }]
      : [],
  )
  const changes =
    paths.size === 0
      ? []
      : await readChanges(call, [...paths.values()].slice(0, MAX_PATHS), startCommits(finding))
  const told: {
    readonly what: ShownChange['what']
    readonly commit: string
    readonly path: string
  }[] = [
    ...changes.flatMap((change) => {
      const what = changeKind(change, holding)
      return what === undefined ? [] : [{ what, commit: change.commit, path: change.path.text }]
    }),
    ...named.map((one) => ({ ...one, what: 'entered' as const })),
  ]
  const details = await readCommitDetails(call, [...new Set(told.map(({ commit }) => commit))])
  const shown = told.flatMap(({ what, commit, path }) => {
    const found = details.get(commit)
    if (found === undefined) return []
    const change: ShownChange = {
      what,
      commit,
      path: clean(path),
      date: clean(found.date),
      author: clean(found.author),
      subject: clean(found.subject),
    }
    return [{ change, seconds: found.seconds }]
  })
  const sorted = shown
    .toSorted(
      (a, b) => a.seconds - b.seconds || changeRank(a.change.what) - changeRank(b.change.what),
    )
    .map(({ change }) => change)
  const note =
    paths.size > MAX_PATHS
      ? `of ${paths.size} paths, the first ${MAX_PATHS}`
      : sorted.length > MAX_CHANGES
        ? `of ${sorted.length} changes, the first ${MAX_CHANGES}`
        : undefined
  return { changes: sorted.slice(0, MAX_CHANGES), ...(note !== undefined && { note }) }
}

/** A git that is asked about paths wants no work tree, and takes them from the top. */
function withoutWorkTree({ env, gitDir }: Repository): Repository['env'] {
  return { ...env, GIT_DIR: gitDir }
}

function startCommits({ places, attribution }: Finding): readonly string[] {
  const commits = [attribution?.last?.commit, ...places.map(({ origin }) => origin.commit)]
  return [...new Set(commits.filter((commit) => commit !== undefined))].slice(0, MAX_START_COMMITS)
}

/**
 * What the commits that touch these paths did to them. A merge counts where it differs from all of
 * its parents.
 */
async function readChanges(
  call: GitCall,
  paths: readonly RepoPath[],
  starts: readonly string[],
): Promise<readonly RawChange[]> {
  const names = paths.map((path) => pathBytes(path).toString('latin1'))
  // Arguments are text to Node, so a name of other bytes is compared here, and git is asked for all
  // paths.
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
    args: [
      'diff-tree',
      '--stdin',
      '--root',
      '-r',
      '-c',
      '--raw',
      '-z',
      '--no-renames',
      '--no-abbrev',
      '--no-ext-diff',
      '--no-textconv',
      '--',
      ...texts,
    ],
    input: [commits.toString('latin1')],
  })
  const changes: RawChange[] = []
  for await (const change of parseRawDiff(git.stdout))
    if (names.includes(pathBytes(change.path).toString('latin1'))) changes.push(change)
  await git.failure
  return changes
}

function changeKind(
  { id, replaces }: RawChange,
  holding: ReadonlySet<string>,
): ShownChange['what'] | undefined {
  const before = replaces.some((object) => holding.has(object))
  if (holding.has(id)) return before ? 'changed' : 'entered'
  return before ? 'left' : undefined
}

function changeRank(what: ShownChange['what']): number {
  return ['left', 'changed', 'entered'].indexOf(what)
}

interface CommitDetails {
  readonly date: string
  readonly seconds: number
  readonly author: string
  readonly subject: string
}

/** Date, author and subject of commits and tags. */
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
