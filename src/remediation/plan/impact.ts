/** Which commits and refs a rewrite changes. */
import { ObjectHistory } from '../../git/attribution/history/object-history.ts'
import { findWanted } from '../../git/attribution/sightings.ts'
import { ScanError } from '../../model/errors.ts'
import { catFileReader } from '../../git/objects/cat-file-reader.ts'
import type { Repository } from '../../git/commands/repository.ts'
import { readGit, startGit, linesOf } from '../../git/commands/run.ts'
import type { Finding, Place, Skip } from '../../model/model.ts'
import { readRefs } from '../rewrite/refs.ts'

/** Commits get other names from where a secret came in; so does all that comes after. */
export interface Impact {
  readonly commits: number
  readonly changed: number
  /** Changed commits none of whose parents changes: where it begins. */
  readonly first: readonly string[]
  /** Full names, as text. */
  readonly branches: readonly string[]
  readonly tags: readonly string[]
  readonly remotes: readonly string[]
  readonly others: readonly string[]
}

/** Hosts ask for the first few. */
const MAX_FIRST = 20

/** Goes through trees and commits once, and through the graph once. */
export async function impactOf(
  repository: Repository,
  findings: readonly Finding[],
  signal: AbortSignal,
): Promise<Impact> {
  const call = { ...repository, signal }
  const seeds = await entryCommits(repository, findings, signal)
  const refs = await readRefs(call)
  const start = [
    ...(refs.all.length > 0 ? ['--all'] : []),
    ...(refs.head !== undefined && 'commit' in refs.head ? ['HEAD'] : []),
  ]
  const changed = new Set<string>()
  const first: string[] = []
  let commits = 0
  const walk = startGit({
    ...call,
    args: [
      'rev-list',
      '--topo-order',
      '--reverse',
      '--parents',
      ...(start.length > 0 ? start : ['--no-walk', '--all']),
    ],
  })
  for await (const lines of linesOf(walk.stdout)) {
    for (const line of lines) {
      const [commit = '', ...parents] = line.split(' ')
      commits += 1
      const inherits = parents.some((parent) => changed.has(parent))
      if (!inherits && !seeds.has(commit)) continue
      changed.add(commit)
      if (!inherits && first.length < MAX_FIRST) first.push(commit)
    }
  }
  const failure = await walk.failure
  if (failure !== undefined) throw new ScanError(`git rev-list failed: ${failure}`)
  const peeled = (
    await readGit({
      ...call,
      args: ['cat-file', '--batch-check=%(objectname)', '--buffer'],
      input: refs.all.map(({ id }) => `${id}^{}\n`),
    })
  )
    .toString('latin1')
    .split('\n')
  const names = refs.all.flatMap(({ name, id }, at) =>
    changed.has(peeled[at] ?? '') || seeds.has(id)
      ? [Buffer.from(name, 'latin1').toString('utf8')]
      : [],
  )
  return { commits, changed: changed.size, first, ...sorted(names) }
}

/**
 * Commits in which a secret came in, each of them and not only the earliest; tags whose own message
 * holds one.
 */
async function entryCommits(
  repository: Repository,
  findings: readonly Finding[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const reader = catFileReader(repository, 2)
  const skips: Skip[] = []
  const lookup = { reader, signal, onSkip: (skip: Skip): void => void skips.push(skip) }
  const seen = findings.map(withoutCommits)
  const wanted = await findWanted(seen, repository.idLength / 2, lookup)
  const history = await ObjectHistory.read(repository, lookup, wanted)
  const eventsOf = wanted.eventsOf(await history.introductions())
  const [failed] = skips.filter(({ outcome }) => outcome === 'failed')
  if (failed !== undefined)
    throw new ScanError(
      `what a rewrite would change cannot be told: ${failed.detail ?? failed.reason}`,
    )
  const commits = new Set<string>()
  for (const place of seen.flatMap(({ places }) => places)) {
    if (place.origin.kind === 'message')
      for (const id of [place.origin.commit, place.origin.object]) commits.add(id ?? '')
    else for (const { commit } of eventsOf(place)) commits.add(commit)
  }
  return commits
}

/** As before it was attributed, so that it can be looked for again. */
function withoutCommits(finding: Finding): Finding {
  const [first, ...rest] = finding.places
  return { ...finding, places: [withoutCommit(first), ...rest.map(withoutCommit)] }
}

function withoutCommit(place: Place): Place {
  const { commit: _, ...origin } = place.origin
  return place.origin.kind === 'commit' ? { ...place, origin } : place
}

function sorted(
  names: readonly string[],
): Pick<Impact, 'branches' | 'tags' | 'remotes' | 'others'> {
  const below = (folder: string): readonly string[] =>
    names.filter((name) => name.startsWith(folder))
  const [branches, tags, remotes] = [
    below('refs/heads/'),
    below('refs/tags/'),
    below('refs/remotes/'),
  ]
  return {
    branches,
    tags,
    remotes,
    others: names.filter((name) => ![...branches, ...tags, ...remotes].includes(name)),
  }
}
