import { SignedCacheFile, type CacheLocation } from '../../objects/signed-cache-file.ts'
import type { NewObjects, ObjectBatch, StoreState } from '../../objects/objects.ts'
import type { Repository } from '../../commands/repository.ts'
import { type Details, detailsIn, type Lookup } from '../commit-details.ts'
import { Commits, type PackedCommits } from '../history/commits.ts'
import type { HeadHeld } from '../in-head.ts'
import { type Changes, changesOf, NO_CHANGES, mergeChanges } from '../introductions.ts'
import type { CachedReachability } from '../ref-reachability.ts'

/**
 * What git said about what was wanted. Unlike all else that is kept it has names of files and of
 * people.
 */
export interface Answers extends Changes {
  /** By the names of commits. */
  readonly details: readonly (readonly [string, Details])[]
  readonly head: HeadHeld | undefined
  readonly reach: CachedReachability | undefined
}

/** What need not be found out again of a store that only grew. */
export interface CachedHistory {
  readonly store: StoreState
  readonly wanted: readonly string[]
  readonly folders: boolean
  /** Those that brought something wanted in, or took it out. */
  readonly changing: readonly string[]
  /** Tells the commits that were kept with it. */
  readonly tie: string
  /** Nothing where a name may be what was found. */
  readonly answers: Answers | undefined
}

/**
 * All commits, and how they follow each other: read only where they are needed, since there can be
 * a million.
 */
interface KeptCommits {
  readonly tie: string
  readonly commits: PackedCommits
}

/** Where both are kept. */
export interface CacheAccess {
  readonly history: SignedCacheFile<CachedHistory>
  readonly commits: SignedCacheFile<KeptCommits>
}

/**
 * What was kept, and what those commits and the ones that came since did with what was wanted then.
 */
interface Again {
  readonly known: CachedHistory
  readonly newer: NewObjects
  /** Undefined where they are not there, or not to be trusted. */
  readonly commits: () => Commits | undefined
  readonly changes: Changes
  /** Who made some of these commits, and when. */
  readonly details: ReadonlyMap<string, Details>
}

/** What is known from the last time, and where to keep what is known now. */
export interface AttributionCache {
  readonly kept: CacheAccess | undefined
  /** What git said then. */
  readonly answers: Answers | undefined
  /** Undefined where nothing is known, or it does not hold any more. */
  readonly again: Promise<Again | undefined>
}

/** Git takes longer to compare more commits than it takes to read all trees. */
export const MAX_CHANGING = 5000

/** Of more commits details are read when it is known which of them matter. */
const MAX_DETAILS = 200

/** Begins to ask git about it: what is looked for does not matter to that yet. */
export function readAttributionCache(
  repository: Repository,
  lookup: Pick<Lookup, 'reader' | 'signal'>,
  place: CacheLocation | undefined,
): AttributionCache {
  // Commits get parents when a shallow clone is made deeper.
  const kept =
    place === undefined || repository.shallow
      ? undefined
      : {
          history: new SignedCacheFile<CachedHistory>(place, 'attribution'),
          commits: new SignedCacheFile<KeptCommits>(place, 'commits'),
        }
  const known = kept?.history.read()
  return {
    kept,
    answers: known?.answers,
    again:
      kept && known
        ? lookAgain(repository, lookup, kept.commits, known)
        : Promise.resolve(undefined),
  }
}

async function lookAgain(
  repository: Repository,
  { reader, signal }: Pick<Lookup, 'reader' | 'signal'>,
  kept: CacheAccess['commits'],
  known: CachedHistory,
): Promise<Again | undefined> {
  const newer = reader.objectsSince?.(known.store)
  if (newer === undefined) return undefined
  const { wanted, folders, changing, answers } = known
  const asked = answers === undefined ? [...changing, ...newer.commits] : newer.commits
  if (asked.length > MAX_CHANGING) return undefined
  const read = (): Commits | undefined => unpack(kept.read(), known.tie, repository.idLength / 2)
  const grown = newer.commits.length === 0 ? undefined : read()
  const [more, details] = await Promise.all([
    changesOf({ ...repository, signal }, { ids: new Set(wanted), folders }, asked).catch(
      () => undefined,
    ),
    readCommits(
      reader.readObjects(asked.length > MAX_DETAILS ? newer.commits : asked, signal),
      grown,
      new Set(newer.commits),
    ),
  ])
  return (
    more &&
    details && {
      known,
      newer,
      commits: () => grown ?? read(),
      changes: mergeChanges(answers ?? NO_CHANGES, more),
      details: new Map([...(answers?.details ?? []), ...details]),
    }
  )
}

function unpack(kept: KeptCommits | undefined, tie: string, idBytes: number): Commits | undefined {
  return kept?.tie === tie ? Commits.unpack(idBytes, kept.commits) : undefined
}

/**
 * Adds those that are new, and reads who made each; undefined where one that is new cannot be read.
 * Others are asked for once more if they matter, and then somebody hears of it.
 */
async function readCommits(
  batches: AsyncIterable<ObjectBatch>,
  commits: Commits | undefined,
  isNew: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Details> | undefined> {
  const details = new Map<string, Details>()
  for await (const batch of batches) {
    for (const object of batch) {
      if ('outcome' in object) {
        if (object.object === undefined || isNew.has(object.object)) return undefined
      } else if (object.start === 0) {
        if (isNew.has(object.id) && commits?.add(object.id, object.bytes) === undefined)
          return undefined
        details.set(object.id, detailsIn(object.bytes))
      }
    }
  }
  return details
}
