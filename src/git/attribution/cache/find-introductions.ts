import type { Repository } from '../../commands/repository.ts'
import { crypto } from '../../../model/lazy-crypto.ts'
import type { Scrub } from '../../../model/scrubber.ts'
import type { Lookup } from '../commit-details.ts'
import type { Commits } from '../history/commits.ts'
import { type Changes, changesOf, NO_CHANGES, type Sought, mergeChanges } from '../introductions.ts'
import { ObjectHistory } from '../history/object-history.ts'
import {
  type Answers,
  type CacheAccess,
  type CachedHistory,
  MAX_CHANGING,
  type AttributionCache,
} from './attribution-cache.ts'
import type { CachedReachability } from '../ref-reachability.ts'

/** What commits did with what is wanted. */
export interface FoundIntroductions extends Changes {
  /** All commits there are. */
  readonly commits: () => Promise<Commits>
  /** What was kept of where refs lead; undefined where commits have come since. */
  readonly reach: CachedReachability | undefined
  /** Keeps this, and what else was answered, if that may be kept. */
  readonly keep: (told: CacheableAnswers | undefined) => Promise<void>
}

/** What else was answered, and what must not be kept with it. */
export interface CacheableAnswers extends Omit<Answers, keyof Changes> {
  readonly scrub: Scrub
}

/** To look at so many new commits again takes less time than to keep what all of them did. */
const FEW_NEW = 64

/** Git takes less time to say more than that again than it takes to read what it said. */
const MAX_TOLD = 20_000

/**
 * Looks through all commits and trees; where it was done before, only through commits that are new,
 * and through those that are known to have changed something wanted.
 */
export async function findIntroductions(
  sought: Sought,
  repository: Repository,
  lookup: Lookup,
  past: AttributionCache,
): Promise<FoundIntroductions> {
  return (
    (await lookAgain(sought, repository, lookup, past)) ??
    (await lookAtAll(sought, repository, lookup, past.kept))
  )
}

async function lookAtAll(
  sought: Sought,
  repository: Repository,
  lookup: Lookup,
  kept: CacheAccess | undefined,
): Promise<FoundIntroductions> {
  let whole = true
  const onSkip: Lookup['onSkip'] = (skip) => {
    whole = false
    lookup.onSkip(skip)
  }
  const history = await ObjectHistory.read(repository, { ...lookup, onSkip }, sought)
  const changes = {
    introductions: await history.introductions(),
    removals: await history.removals(),
  }
  const store = lookup.reader.state
  const keep: FoundIntroductions['keep'] = async (told) => {
    if (whole && store !== undefined)
      keepIn(
        kept,
        {
          store,
          wanted: [...sought.ids],
          folders: sought.folders,
          answers: answersOf(changes, told, sought.folders),
        },
        { ...changes, commits: history.commits },
      )
  }
  return { ...changes, commits: async () => history.commits, reach: undefined, keep }
}

/** Undefined where what was kept does not answer that. */
async function lookAgain(
  sought: Sought,
  repository: Repository,
  lookup: Lookup,
  { kept, again }: AttributionCache,
): Promise<FoundIntroductions | undefined> {
  const { ids, folders } = sought
  const past = await again
  if (past === undefined || past.known.folders !== folders) return undefined
  const { known, newer } = past
  const before = new Set(known.wanted)
  const others = [...ids].filter((id) => !before.has(id))
  // What was not wanted then has to be new.
  if (!others.every((id) => newer.isNew(id))) return undefined
  const more =
    others.length === 0
      ? NO_CHANGES
      : await changesOf(
          { ...repository, signal: lookup.signal },
          { ids: new Set(others), folders },
          newer.commits,
        ).catch(() => undefined)
  if (more === undefined || lookup.signal.aborted) return undefined
  const brought = new Set(more.introductions.map(({ object }) => object))
  // What no new commit has may be of an old one: it was missing, or a partial clone had not fetched
  // it yet.
  if (!others.every((id) => brought.has(id))) return undefined
  const changes = mergeChanges(past.changes, more)
  let anew: Promise<FoundIntroductions> | undefined
  const commits: FoundIntroductions['commits'] = async () =>
    past.commits() ?? (await (anew ??= lookAtAll(sought, repository, lookup, kept))).commits()
  const keep: FoundIntroductions['keep'] = async (told) => {
    const answers = answersOf(changes, told, folders)
    const isAsBefore =
      told === undefined || (known.answers === undefined) === (answers === undefined)
    if (anew === undefined && newer.commits.length <= FEW_NEW && others.length === 0 && isAsBefore)
      return
    const all = await commits()
    // Removals have other numbers there.
    if (anew !== undefined) return (await anew).keep(told && { ...told, reach: undefined })
    // Also what nobody wants this time, since it is kept that it was looked for.
    keepIn(
      kept,
      { store: newer.state, wanted: [...known.wanted, ...others], folders, answers },
      { ...changes, commits: all },
    )
  }
  return {
    ...changes,
    commits,
    reach: newer.commits.length + others.length === 0 ? known.answers?.reach : undefined,
    keep,
  }
}

/** A parent that is not there may come, and then more is known of its children. */
function keepIn(
  kept: CacheAccess | undefined,
  known: Omit<CachedHistory, 'changing' | 'tie'>,
  { commits, introductions, removals }: Changes & { readonly commits: Commits },
): void {
  const changing = [...new Set([...introductions, ...removals].map(({ commit }) => commit))]
  if (kept === undefined || changing.length > MAX_CHANGING || !commits.isWhole()) return
  const tie = crypto().randomBytes(8).toString('hex')
  kept.commits.write({ tie, commits: commits.pack() })
  kept.history.write({ ...known, changing, tie })
}

/** Undefined where that may not be kept, or is too much. */
function answersOf(
  { introductions, removals }: Changes,
  told: CacheableAnswers | undefined,
  folders: boolean,
): Answers | undefined {
  if (told === undefined) return undefined
  const { scrub, ...others } = told
  const answers = { introductions, removals, ...others }
  return folders || introductions.length + removals.length > MAX_TOLD || isTold(answers, scrub)
    ? undefined
    : answers
}

/** Does a name hold a secret? They were read as Latin-1, names as UTF-8 where they are that. */
function isTold({ introductions, removals, details }: Answers, scrub: Scrub): boolean {
  const paths = [...introductions, ...removals].flatMap(({ path }) => [
    path.text,
    ...(path.bytes === undefined ? [] : [Buffer.from(path.bytes).toString('latin1')]),
  ])
  const names = new Set([...paths, ...details.map(([, { author }]) => author)])
  return [...names].some((name) => scrub(name) !== name)
}
