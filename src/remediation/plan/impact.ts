/** Finds the commits and refs that a rewrite changes. */
import { ObjectHistory } from '../../git/attribution/history/object-history.ts'
import { findWanted } from '../../git/attribution/sightings.ts'
import { ScanError } from '../../model/errors.ts'
import { catFileReader } from '../../git/objects/cat-file-reader.ts'
import { linesOf, type GitCall, readGit, startGit } from '../../git/commands/run.ts'
import type { Repository } from '../../git/commands/repository.ts'
import type { Finding, Place, Skip } from '../../model/model.ts'
import { readRefs, type RefState } from '../rewrite/refs.ts'

/**
 * Commits and refs that a rewrite changes. A commit that introduces a secret gets a new id, and so
 * do all its descendants.
 */
export interface RewriteImpact {
  readonly commits: number
  readonly changed: number
  /** Changed commits without a changed parent, at most `MAX_FIRST_COMMITS`. */
  readonly first: readonly string[]
  /** Full names of changed refs, decoded from UTF-8. */
  readonly branches: readonly string[]
  readonly tags: readonly string[]
  readonly remotes: readonly string[]
  readonly others: readonly string[]
}

/** Limit for the first changed commits; hosts such as GitHub ask for them. */
const MAX_FIRST_COMMITS = 20

/** Reads all trees and commits once to find where secrets were introduced, then walks the graph. */
export async function impactOf(
  repository: Repository,
  findings: readonly Finding[],
  signal: AbortSignal,
): Promise<RewriteImpact> {
  const call = { ...repository, signal }
  const introducing = await introducingCommits(repository, findings, signal)
  const refs = await readRefs(call)
  const { commits, changed, first } = await walkCommits(call, refs, introducing)
  const peeled = await readGit({
    ...call,
    args: ['cat-file', '--batch-check=%(objectname)', '--buffer'],
    input: refs.all.map(({ id }) => `${id}^{}\n`),
  })
  const targets = peeled.toString('latin1').split('\n')
  const changedRefs = refs.all
    .filter(({ id }, index) => changed.has(targets[index] ?? '') || introducing.has(id))
    .map(({ name }) => Buffer.from(name, 'latin1').toString('utf8'))
  return { commits, changed: changed.size, first, ...groupRefs(changedRefs) }
}

interface WalkedCommits {
  readonly commits: number
  readonly changed: ReadonlySet<string>
  readonly first: readonly string[]
}

/** Walks all commits, parents first, and collects those that a rewrite changes. */
async function walkCommits(
  call: GitCall,
  { all, head }: RefState,
  introducing: ReadonlySet<string>,
): Promise<WalkedCommits> {
  const start = [
    ...(all.length > 0 ? ['--all'] : []),
    ...(head !== undefined && 'commit' in head ? ['HEAD'] : []),
  ]
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
  const changed = new Set<string>()
  const first: string[] = []
  let commits = 0
  for await (const lines of linesOf(walk.stdout)) {
    for (const line of lines) {
      const [commit = '', ...parents] = line.split(' ')
      commits += 1
      const hasChangedParent = parents.some((parent) => changed.has(parent))
      if (!hasChangedParent && !introducing.has(commit)) continue
      changed.add(commit)
      if (!hasChangedParent && first.length < MAX_FIRST_COMMITS) first.push(commit)
    }
  }
  const failure = await walk.failure
  if (failure !== undefined) throw new ScanError(`git rev-list failed: ${failure}`)
  return { commits, changed, first }
}

/**
 * Returns all commits that introduce a secret, not only the earliest, and all commits and tags
 * whose own message contains one.
 */
async function introducingCommits(
  repository: Repository,
  findings: readonly Finding[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const reader = catFileReader(repository, 2)
  const skips: Skip[] = []
  const lookup = { reader, signal, onSkip: (skip: Skip): void => void skips.push(skip) }
  const unattributed = findings.map(withoutCommits)
  const objects = await findWanted(unattributed, repository.idLength / 2, lookup)
  const history = await ObjectHistory.read(repository, lookup, objects)
  const eventsOf = objects.eventsOf(await history.introductions())
  const failed = skips.find(({ outcome }) => outcome === 'failed')
  if (failed !== undefined)
    throw new ScanError(
      `cannot determine what a rewrite would change: ${failed.detail ?? failed.reason}`,
    )
  const commits = new Set<string>()
  for (const place of unattributed.flatMap(({ places }) => places)) {
    if (place.origin.kind === 'message')
      for (const id of [place.origin.commit, place.origin.object]) commits.add(id ?? '')
    else for (const { commit } of eventsOf(place)) commits.add(commit)
  }
  return commits
}

/** Undoes the attribution of a finding, so that its objects are looked up again. */
function withoutCommits(finding: Finding): Finding {
  const [first, ...rest] = finding.places
  return { ...finding, places: [withoutCommit(first), ...rest.map(withoutCommit)] }
}

function withoutCommit(place: Place): Place {
  const { commit: _, ...origin } = place.origin
  return place.origin.kind === 'commit' ? { ...place, origin } : place
}

function groupRefs(
  names: readonly string[],
): Pick<RewriteImpact, 'branches' | 'tags' | 'remotes' | 'others'> {
  const namesBelow = (folder: string): readonly string[] =>
    names.filter((name) => name.startsWith(folder))
  const branches = namesBelow('refs/heads/')
  const tags = namesBelow('refs/tags/')
  const remotes = namesBelow('refs/remotes/')
  const grouped = new Set([...branches, ...tags, ...remotes])
  return { branches, tags, remotes, others: names.filter((name) => !grouped.has(name)) }
}
