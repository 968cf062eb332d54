import type { KeptFile } from '../git/kept-file.ts'
import type { Newer, StoreState } from '../git/objects.ts'
import type { Repository } from '../git/repository.ts'
import type { Lookup } from './commit-details.ts'
import { Commits, type PackedCommits } from './commits.ts'
import { type Changes, changesOf, type Sought } from './introductions.ts'
import { ObjectHistory } from './object-history.ts'

/** What need not be found out again of a store that only grew: names of objects and how commits follow each other, nothing of what they say. */
export interface KeptHistory {
  readonly store: StoreState
  readonly wanted: readonly string[]
  readonly folders: boolean
  /** Those that brought something wanted in, or took it out. */
  readonly changing: readonly string[]
  readonly commits: PackedCommits
}

/** What commits did with what is wanted, and all commits there are. */
export interface Back extends Changes {
  readonly commits: Commits
}

/** Git takes longer to compare more commits than it takes to read all trees. */
const MOST_CHANGING = 5000

/** To look at so many new commits again takes less time than to keep what all of them did. */
const FEW_NEW = 64

/**
 * Looks through all commits and trees; where it was done before, only through commits that are new, and through those that are
 * known to have changed something wanted.
 */
export async function lookBack(sought: Sought, repository: Repository, lookup: Lookup, kept: KeptFile<KeptHistory> | undefined): Promise<Back> {
  // Commits get parents when a shallow clone is made deeper.
  const lasting = repository.shallow ? undefined : kept
  return (lasting && (await lookAgain(sought, repository, lookup, lasting))) ?? (await lookAtAll(sought, repository, lookup, lasting))
}

async function lookAtAll(sought: Sought, repository: Repository, lookup: Lookup, kept: KeptFile<KeptHistory> | undefined): Promise<Back> {
  let whole = true
  const onSkip: Lookup['onSkip'] = (skip) => {
    whole = false
    lookup.onSkip(skip)
  }
  const history = await ObjectHistory.read(repository, { ...lookup, onSkip }, sought)
  const back = { introductions: await history.introductions(), removals: await history.removals(), commits: history.commits }
  const store = lookup.reader.state
  if (whole && store !== undefined && !lookup.signal.aborted) keep(kept, { store, wanted: [...sought.ids], folders: sought.folders }, back)
  return back
}

/** Undefined where what was kept does not answer that. */
async function lookAgain(sought: Sought, repository: Repository, { reader, signal }: Lookup, kept: KeptFile<KeptHistory>): Promise<Back | undefined> {
  const known = kept.read()
  const newer = known && reader.since?.(known.store)
  if (known === undefined || newer === undefined || !answers(known, sought, newer)) return undefined
  const commits = Commits.unpack(repository.idLength / 2, known.commits)
  for await (const batch of reader.some(newer.commits, signal)) {
    for (const object of batch) if ('outcome' in object || (object.start === 0 && commits.add(object.id, object.bytes) === undefined)) return undefined
  }
  // Also what nobody wants this time, since it is kept that it was looked for.
  const ids = new Set([...known.wanted, ...sought.ids])
  const changes = await changesOf({ ...repository, signal }, { ...sought, ids }, [...known.changing, ...newer.commits]).catch(() => undefined)
  if (changes === undefined || signal.aborted) return undefined
  const back = { ...changes, commits }
  if (newer.commits.length > FEW_NEW || ids.size > known.wanted.length) keep(kept, { store: newer.state, wanted: [...ids], folders: known.folders }, back)
  return back
}

/** What is wanted now and was not then is new, so only new commits can have it. */
function answers({ wanted, folders, changing }: KeptHistory, sought: Sought, { commits, isNew }: Newer): boolean {
  const before = new Set(wanted)
  return folders === sought.folders && changing.length + commits.length <= MOST_CHANGING && [...sought.ids].every((id) => before.has(id) || isNew(id))
}

/** A parent that is not there may come, and then more is known of its children. */
function keep(kept: KeptFile<KeptHistory> | undefined, known: Pick<KeptHistory, 'store' | 'wanted' | 'folders'>, { introductions, removals, commits }: Back): void {
  const changing = [...new Set([...introductions, ...removals].map(({ commit }) => commit))]
  if (changing.length <= MOST_CHANGING && commits.isWhole()) kept?.write({ ...known, changing, commits: commits.pack() })
}
