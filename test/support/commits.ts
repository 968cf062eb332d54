/**
 * Histories at random: folders, merges of all kinds, changes of mode and type, names that are not
 * text.
 */
import { seededRandom } from './random.ts'
import { Repo, type RepoOptions } from './repo.ts'

export interface RandomCommits extends RepoOptions {
  readonly commits: number
  /** How many names a folder has to choose from. */
  readonly names?: number
  /** The most paths that a commit changes. */
  readonly changes?: number
}

/** What a commit holds: mode and content by path, as latin1. */
type Snapshot = ReadonlyMap<string, string>

const FILE_MODES = ['100644', '100644', '100644', '100755', '120000']

/**
 * Commits of a random history, each the end of a branch `b<n>`. Merges have up to five parents,
 * share no ancestor at times, cross, take sides at random for each path and bring what no parent
 * had. The same few contents stand at many paths.
 */
export function randomCommits(
  seed: number,
  { commits, names = 5, changes = 6, ...options }: RandomCommits,
): Repo {
  const random = seededRandom(seed)
  const pick = (below: number): number => Math.floor(random() * below)
  const repo = Repo.create({ bare: false, ...options })
  const contents = Math.max(40, changes)
  const blobs = Array.from(
    { length: contents },
    (_, n) => `blob\nmark :${n + 1}\ndata <<E\ncontent ${n}\nE\n`,
  )
  const submodule = 'ab'.repeat(options.objectFormat === 'sha256' ? 32 : 20)
  const component = (): string =>
    ['n', 'caf\xe9', '\xff\xfe', 'a b', 'tab\tquote"'][pick(20)] ?? `n${pick(names)}`
  const somePath = (): string => Array.from({ length: 1 + pick(4) }, component).join('/')

  const snapshots: Snapshot[] = []
  const lines = Array.from({ length: commits }, (_, n) => {
    const count = random() < 0.06 ? 0 : 1 + Math.max(0, pick(9) - 4)
    const parents = [
      ...new Set(Array.from({ length: n === 0 ? 0 : count }, () => n - 1 - pick(Math.min(n, 10)))),
    ]
    const snapshot = mixed(
      parents.map((parent) => snapshots[parent]!),
      random,
    )
    for (let left = pick(changes + 1); left > 0; left -= 1)
      change(snapshot, {
        path: somePath(),
        random,
        entry:
          random() < 0.03 ? `160000 ${submodule}` : `${FILE_MODES[pick(5)]} :${1 + pick(contents)}`,
      })
    snapshots.push(snapshot)
    const [first, ...rest] = parents
    return [
      `commit refs/heads/b${n}`,
      `mark :${contents + n + 1}`,
      `committer C <c@example.com> ${1_700_000_000 + n} +0000`,
      'data 0',
      ...(first === undefined
        ? []
        : [
            `from :${contents + first + 1}`,
            ...rest.map((parent) => `merge :${contents + parent + 1}`),
          ]),
      'deleteall',
      ...[...snapshot].map(([path, entry]) => `M ${entry} ${quoted(path)}`),
      '',
    ].join('\n')
  })
  repo.gitBytes(
    ['fast-import', '--quiet', '--force'],
    Buffer.from([...blobs, ...lines].join('\n'), 'latin1'),
  )
  repo.git('symbolic-ref', 'HEAD', `refs/heads/b${commits - 1}`)
  return repo
}

/** For each path what one of the parents has, or nothing. */
function mixed(parents: readonly Snapshot[], random: () => number): Map<string, string> {
  const snapshot = new Map(parents[0])
  for (const parent of parents.slice(1)) {
    for (const [path, entry] of parent)
      if (random() < 0.5) change(snapshot, { path, entry, random: () => 1 })
    for (const path of snapshot.keys())
      if (!parent.has(path) && random() < 0.2) snapshot.delete(path)
  }
  return snapshot
}

/** A file where folders were makes those go, and the other way round. */
function change(
  snapshot: Map<string, string>,
  {
    path,
    entry,
    random,
  }: { readonly path: string; readonly entry: string; readonly random: () => number },
): void {
  const [victim] = [...snapshot.keys()].slice(Math.floor(random() * snapshot.size))
  if (random() < 0.3 && victim !== undefined) snapshot.delete(victim)
  if (random() < 0.2 && victim !== undefined) return void snapshot.set(victim, entry)
  const [mode = '', content = ''] = (snapshot.get(victim ?? '') ?? '').split(' ')
  if (random() < 0.3 && FILE_MODES.includes(mode) && victim !== undefined)
    return void snapshot.set(victim, `${FILE_MODES[Math.floor(random() * 5)]} ${content}`)
  for (const other of snapshot.keys())
    if (other.startsWith(`${path}/`) || path.startsWith(`${other}/`)) snapshot.delete(other)
  snapshot.set(path, entry)
}

function quoted(path: string): string {
  return `"${path.replaceAll(/["\\]/g, '\\$&').replaceAll('\t', '\\t')}"`
}
