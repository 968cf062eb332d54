/**
 * The cache of attribution: the answers of an earlier scan, valid as long as the store has only
 * grown, and the changes in the commits that came since.
 */
import type { Repository } from '../../commands/repository.ts'
import { ifGitFails } from '../../commands/run.ts'
import type { NewObjects, ObjectBatch, StoreState } from '../../objects/objects.ts'
import {
  arrayOf,
  isBoolean,
  isBytes,
  isNumber,
  isRepoPath,
  isString,
  objectOf,
  optional,
  pairOf,
} from '../../objects/shape.ts'
import { type CacheLocation, SignedCacheFile } from '../../objects/signed-cache-file.ts'
import { type Details, detailsIn, type Lookup } from '../commit-details.ts'
import { Commits, type PackedCommits } from '../history/commits.ts'
import type { HeadObjects } from '../in-head.ts'
import { type Changes, changesOf, type Event, mergeChanges, NO_CHANGES } from '../introductions.ts'

/** The answer of `refReachability`, for a scan with the same findings, refs and commits. */
export interface CachedReachability {
  /** Digest of everything that the answer depends on besides commits. */
  readonly question: string
  /** Distinct sets of refs, one bit a ref. */
  readonly sets: readonly Uint8Array[]
  /** For each finding the index of its set. */
  readonly setOf: readonly number[]
  /** For each finding the indexes of its removals among all removals. */
  readonly removals: readonly (readonly number[])[]
}

/** Answers about the wanted objects. Only this part of a cache holds names of files and people. */
export interface CachedAnswers extends Changes {
  /** By commit id. */
  readonly details: readonly (readonly [string, Details])[]
  readonly head: HeadObjects | undefined
  readonly reachability: CachedReachability | undefined
}

/** The content of `attribution.json`. */
export interface CachedHistory {
  readonly store: StoreState
  readonly wanted: readonly string[]
  /** True when some of the wanted objects may be folders. */
  readonly folders: boolean
  /** Commits that introduced or removed a wanted object. */
  readonly changing: readonly string[]
  /** Identifies the `commits.json` that was written together with this file. */
  readonly writeId: string
  /** Undefined when a name may contain a secret. */
  readonly answers: CachedAnswers | undefined
}

/** The content of `commits.json`: the graph of up to a million commits, read only when needed. */
interface CachedCommits {
  readonly writeId: string
  readonly commits: PackedCommits
}

const isEvents = arrayOf(objectOf<Event>({ object: isString, commit: isString, path: isRepoPath }))

const isAnswers = objectOf<CachedAnswers>({
  introductions: isEvents,
  removals: isEvents,
  details: arrayOf(
    pairOf(isString, objectOf<Details>({ author: isString, date: isString, seconds: isNumber })),
  ),
  head: optional(
    objectOf<HeadObjects>({
      commit: isString,
      candidates: arrayOf(isString),
      held: arrayOf(isString),
    }),
  ),
  reachability: optional(
    objectOf<CachedReachability>({
      question: isString,
      sets: arrayOf(isBytes),
      setOf: arrayOf(isNumber),
      removals: arrayOf(arrayOf(isNumber)),
    }),
  ),
})

const isCachedHistory = objectOf<CachedHistory>({
  store: objectOf<StoreState>({ packs: arrayOf(isString), loose: arrayOf(isString) }),
  wanted: arrayOf(isString),
  folders: isBoolean,
  changing: arrayOf(isString),
  writeId: isString,
  answers: optional(isAnswers),
})

const isCachedCommits = objectOf<CachedCommits>({
  writeId: isString,
  commits: objectOf<PackedCommits>({
    ids: objectOf<PackedCommits['ids']>({ bytes: isBytes, starts: isBytes, slots: isBytes }),
    ranges: isBytes,
    parents: isBytes,
  }),
})

/** The two cache files. */
export interface CacheFiles {
  readonly history: SignedCacheFile<CachedHistory>
  readonly commits: SignedCacheFile<CachedCommits>
}

export function cacheFilesIn(location: CacheLocation): CacheFiles {
  return {
    history: new SignedCacheFile(location, 'attribution', isCachedHistory),
    commits: new SignedCacheFile(location, 'commits', isCachedCommits),
  }
}

/** A cached history, brought up to date with the commits that came since. */
interface UpdatedHistory {
  readonly cached: CachedHistory
  readonly added: NewObjects
  /** Returns undefined when the file of commits is missing or not trusted. */
  readonly commits: () => Commits | undefined
  /** Changes of the objects that were wanted then, in old and new commits. */
  readonly changes: Changes
  /** Details of some of these commits. */
  readonly details: ReadonlyMap<string, Details>
}

/** The cache of a repository. */
export interface AttributionCache {
  /** Undefined when nothing may be cached. */
  readonly files: CacheFiles | undefined
  readonly answers: CachedAnswers | undefined
  /** Undefined when there is no cache, or when it is outdated. */
  readonly updated: Promise<UpdatedHistory | undefined>
}

/** Git takes longer to compare more commits than reading all trees takes. */
export const MAX_CHANGING = 5000

/** Up to this many commits their details are read at once, before it is known which ones matter. */
const MAX_DETAILS = 200

/**
 * Opens the cache and starts to update it. The update does not depend on the wanted objects, so it
 * can start before these are known.
 */
export function readAttributionCache(
  repository: Repository,
  lookup: Pick<Lookup, 'reader' | 'signal'>,
  location: CacheLocation | undefined,
): AttributionCache {
  // Deepening a shallow clone gives parents to commits that had none.
  const files = location === undefined || repository.shallow ? undefined : cacheFilesIn(location)
  const cached = files?.history.read()
  return {
    files,
    answers: cached?.answers,
    updated:
      files && cached
        ? updateHistory(repository, lookup, files.commits, cached)
        : Promise.resolve(undefined),
  }
}

async function updateHistory(
  repository: Repository,
  { reader, signal }: Pick<Lookup, 'reader' | 'signal'>,
  file: CacheFiles['commits'],
  cached: CachedHistory,
): Promise<UpdatedHistory | undefined> {
  const added = reader.objectsSince?.(cached.store)
  if (added === undefined) return undefined
  const { wanted, folders, changing, answers } = cached
  const compared = answers === undefined ? [...changing, ...added.commits] : added.commits
  if (compared.length > MAX_CHANGING) return undefined
  const readCommits = (): Commits | undefined =>
    unpack(file.read(), cached.writeId, repository.idLength / 2)
  const grown = added.commits.length === 0 ? undefined : readCommits()
  const detailed = compared.length > MAX_DETAILS ? added.commits : compared
  const [changes, details] = await Promise.all([
    changesOf({ ...repository, signal }, { ids: new Set(wanted), folders }, compared).catch(
      ifGitFails(undefined),
    ),
    addCommits(reader.readObjects(detailed, signal), grown, new Set(added.commits)),
  ])
  return (
    changes &&
    details && {
      cached,
      added,
      commits: () => grown ?? readCommits(),
      changes: mergeChanges(answers ?? NO_CHANGES, changes),
      details: new Map([...(answers?.details ?? []), ...details]),
    }
  )
}

function unpack(
  cached: CachedCommits | undefined,
  writeId: string,
  idBytes: number,
): Commits | undefined {
  return cached?.writeId === writeId ? Commits.unpack(idBytes, cached.commits) : undefined
}

/**
 * Adds the new commits to the graph, and reads the details of all commits. Returns undefined when a
 * new commit cannot be read. Other unreadable commits are read again, and reported, if they matter.
 */
async function addCommits(
  batches: AsyncIterable<ObjectBatch>,
  commits: Commits | undefined,
  added: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Details> | undefined> {
  const details = new Map<string, Details>()
  for await (const batch of batches) {
    for (const object of batch) {
      if ('outcome' in object) {
        if (object.object === undefined || added.has(object.object)) return undefined
      } else if (object.start === 0) {
        if (added.has(object.id) && commits?.add(object.id, object.bytes) === undefined)
          return undefined
        details.set(object.id, detailsIn(object.bytes))
      }
    }
  }
  return details
}
