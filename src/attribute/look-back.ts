import type { KeptFile } from '../git/kept-file.ts'
import type { Repository } from '../git/repository.ts'
import type { Lookup } from './commit-details.ts'
import type { Commits } from './commits.ts'
import { type Changes, changesOf, type Sought } from './introductions.ts'
import { ObjectHistory } from './object-history.ts'
import { type KeptHistory, MOST_CHANGING, type Past } from './past.ts'

/** What commits did with what is wanted, and all commits there are. */
export interface Back extends Changes {
  readonly commits: Commits
}

/** To look at so many new commits again takes less time than to keep what all of them did. */
const FEW_NEW = 64

/**
 * Looks through all commits and trees; where it was done before, only through commits that are new, and through those that are
 * known to have changed something wanted.
 */
export async function lookBack(sought: Sought, repository: Repository, lookup: Lookup, past: Past): Promise<Back> {
  return (await lookAgain(sought, repository, lookup, past)) ?? (await lookAtAll(sought, repository, lookup, past.kept))
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
async function lookAgain({ ids, folders }: Sought, repository: Repository, { signal }: Lookup, { kept, again }: Past): Promise<Back | undefined> {
  const past = await again
  if (past === undefined || past.known.folders !== folders) return undefined
  const { known, newer, commits, changes } = past
  const before = new Set(known.wanted)
  const others = [...ids].filter((id) => !before.has(id))
  // What was not wanted then has to be new, and only new commits can have that.
  if (!others.every((id) => newer.isNew(id))) return undefined
  const more = others.length === 0 ? NO_CHANGES : await changesOf({ ...repository, signal }, { ids: new Set(others), folders }, newer.commits).catch(() => undefined)
  if (more === undefined || signal.aborted) return undefined
  const back = { introductions: [...changes.introductions, ...more.introductions], removals: [...changes.removals, ...more.removals], commits }
  // Also what nobody wants this time, since it is kept that it was looked for.
  if (newer.commits.length > FEW_NEW || others.length > 0) keep(kept, { store: newer.state, wanted: [...known.wanted, ...others], folders }, back)
  return back
}

const NO_CHANGES: Changes = { introductions: [], removals: [] }

/** A parent that is not there may come, and then more is known of its children. */
function keep(kept: KeptFile<KeptHistory> | undefined, known: Pick<KeptHistory, 'store' | 'wanted' | 'folders'>, { introductions, removals, commits }: Back): void {
  const changing = [...new Set([...introductions, ...removals].map(({ commit }) => commit))]
  if (changing.length <= MOST_CHANGING && commits.isWhole()) kept?.write({ ...known, changing, commits: commits.pack() })
}
