/** Finds the commits that introduced or removed wanted objects, from the cache where possible. */
import { crypto } from '../../../model/lazy-crypto.ts'
import type { Repository } from '../../commands/repository.ts'
import { ifGitFails } from '../../commands/run.ts'
import type { NewObjects } from '../../objects/objects.ts'
import type { Lookup } from '../commit-details.ts'
import type { Commits } from '../history/commits.ts'
import { ObjectHistory } from '../history/object-history.ts'
import {
  type Changes,
  changesOf,
  mergeChanges,
  NO_CHANGES,
  type WantedIds,
} from '../introductions.ts'
import {
  type AttributionCache,
  type CachedAnswers,
  type CachedHistory,
  type CachedReachability,
  type CacheFiles,
  MAX_CHANGING,
} from './attribution-cache.ts'

/** The commits that introduced and removed wanted objects. */
export interface FoundIntroductions extends Changes {
  /** Returns the graph of all commits of the store. */
  readonly commits: () => Promise<Commits>
  /** The cached reachability; undefined when the store has new commits. */
  readonly reachability: CachedReachability | undefined
  /** Writes the cache, with the given answers when these may be cached. */
  readonly save: (answers: CacheableAnswers | undefined) => Promise<void>
}

/** Attribution answers to cache, and the secrets that must never enter the cache file. */
export interface CacheableAnswers extends Omit<CachedAnswers, keyof Changes> {
  readonly scrub: (text: string) => string
}

/** Comparing this many new commits again takes less time than writing the cache. */
const MAX_UNSAVED_COMMITS = 64

/** Asking git for more events again takes less time than reading them from the cache. */
const MAX_CACHED_EVENTS = 20_000

/**
 * Finds the commits that introduced or removed wanted objects. With a valid cache only the new
 * commits are compared; otherwise all commits and trees are read.
 */
export async function findIntroductions(
  wanted: WantedIds,
  repository: Repository,
  lookup: Lookup,
  cache: AttributionCache,
): Promise<FoundIntroductions> {
  return (
    (await findWithCache(wanted, repository, lookup, cache)) ??
    (await findInWholeHistory(wanted, repository, lookup, cache.files))
  )
}

async function findInWholeHistory(
  wanted: WantedIds,
  repository: Repository,
  lookup: Lookup,
  files: CacheFiles | undefined,
): Promise<FoundIntroductions> {
  let isComplete = true
  const onSkip: Lookup['onSkip'] = (skip) => {
    isComplete = false
    lookup.onSkip(skip)
  }
  const history = await ObjectHistory.read(repository, { ...lookup, onSkip }, wanted)
  const changes = {
    introductions: await history.introductions(),
    removals: await history.removals(),
  }
  const store = lookup.reader.state
  const save: FoundIntroductions['save'] = async (answers) => {
    if (!isComplete || store === undefined) return
    const cached = {
      store,
      wanted: [...wanted.ids],
      folders: wanted.folders,
      answers: toCachedAnswers(changes, answers, wanted.folders),
    }
    write(files, cached, { ...changes, commits: history.commits })
  }
  return { ...changes, commits: async () => history.commits, reachability: undefined, save }
}

/** Returns undefined when the cache does not answer for all wanted objects. */
async function findWithCache(
  wanted: WantedIds,
  repository: Repository,
  lookup: Lookup,
  { files, updated }: AttributionCache,
): Promise<FoundIntroductions | undefined> {
  const { folders } = wanted
  const history = await updated
  if (history === undefined || history.cached.folders !== folders) return undefined
  const { cached, added } = history
  const newIds = await changesOfNewIds(wanted, cached, added, { repository, lookup })
  if (newIds === undefined || lookup.signal.aborted) return undefined
  const changes = mergeChanges(history.changes, newIds.changes)
  let whole: Promise<FoundIntroductions> | undefined
  const commits: FoundIntroductions['commits'] = async () => {
    const graph = history.commits()
    if (graph !== undefined) return graph
    whole ??= findInWholeHistory(wanted, repository, lookup, files)
    return (await whole).commits()
  }
  const save: FoundIntroductions['save'] = async (given) => {
    const answers = toCachedAnswers(changes, given, folders)
    const hasSameAnswers =
      given === undefined || (cached.answers === undefined) === (answers === undefined)
    const isUpToDate = added.commits.length <= MAX_UNSAVED_COMMITS && newIds.ids.length === 0
    if (whole === undefined && isUpToDate && hasSameAnswers) return
    const graph = await commits()
    // The whole history numbers removals in another way than the given reachability.
    if (whole !== undefined)
      return (await whole).save(given && { ...given, reachability: undefined })
    // Ids that are not wanted this time stay in the cache, since their history is known.
    const ids = [...cached.wanted, ...newIds.ids]
    const content = { store: added.state, wanted: ids, folders, answers }
    write(files, content, { ...changes, commits: graph })
  }
  const isUnchanged = added.commits.length + newIds.ids.length === 0
  return {
    ...changes,
    commits,
    reachability: isUnchanged ? cached.answers?.reachability : undefined,
    save,
  }
}

/**
 * Finds the changes of the wanted ids that are not in the cache. Returns undefined when one of them
 * may have been changed by an old commit.
 */
async function changesOfNewIds(
  { ids, folders }: WantedIds,
  cached: CachedHistory,
  added: NewObjects,
  { repository, lookup }: { readonly repository: Repository; readonly lookup: Lookup },
): Promise<{ readonly ids: readonly string[]; readonly changes: Changes } | undefined> {
  const cachedIds = new Set(cached.wanted)
  const newIds = [...ids].filter((id) => !cachedIds.has(id))
  if (newIds.length === 0) return { ids: newIds, changes: NO_CHANGES }
  if (!newIds.every((id) => added.isNew(id))) return undefined
  const call = { ...repository, signal: lookup.signal }
  const changes = await changesOf(call, { ids: new Set(newIds), folders }, added.commits).catch(
    ifGitFails(undefined),
  )
  if (changes === undefined) return undefined
  const introduced = new Set(changes.introductions.map(({ object }) => object))
  // An object that no new commit introduced may belong to an old commit: it was missing then, or a
  // partial clone had not fetched it.
  return newIds.every((id) => introduced.has(id)) ? { ids: newIds, changes } : undefined
}

/**
 * Writes both cache files. With a missing parent nothing is cached: when the parent arrives, the
 * changes of its children differ.
 */
function write(
  files: CacheFiles | undefined,
  content: Omit<CachedHistory, 'changing' | 'writeId'>,
  { commits, introductions, removals }: Changes & { readonly commits: Commits },
): void {
  const changing = [...new Set([...introductions, ...removals].map(({ commit }) => commit))]
  if (files === undefined || changing.length > MAX_CHANGING || !commits.isComplete()) return
  const writeId = crypto().randomBytes(8).toString('hex')
  files.commits.write({ writeId, commits: commits.pack() })
  files.history.write({ ...content, changing, writeId })
}

/** Returns undefined when the answers must not be cached, or are too many. */
function toCachedAnswers(
  { introductions, removals }: Changes,
  given: CacheableAnswers | undefined,
  folders: boolean,
): CachedAnswers | undefined {
  if (given === undefined) return undefined
  const { scrub, ...rest } = given
  const answers = { introductions, removals, ...rest }
  const isTooLarge = introductions.length + removals.length > MAX_CACHED_EVENTS
  return folders || isTooLarge || containsSecret(answers, scrub) ? undefined : answers
}

/**
 * True when a name contains a secret. Content is scanned as Latin-1, and names are UTF-8 when they
 * are valid UTF-8, so both texts of a path are checked.
 */
function containsSecret(
  { introductions, removals, details }: CachedAnswers,
  scrub: (text: string) => string,
): boolean {
  const paths = [...introductions, ...removals].flatMap(({ path }) => [
    path.text,
    ...(path.bytes === undefined ? [] : [Buffer.from(path.bytes).toString('latin1')]),
  ])
  const names = new Set([...paths, ...details.map(([, { author }]) => author)])
  return [...names].some((name) => scrub(name) !== name)
}
