import type { KeptFile } from '../git/kept-file.ts'
import type { Newer, ObjectBatch, StoreState } from '../git/objects.ts'
import type { Repository } from '../git/repository.ts'
import { type Details, detailsIn, type Lookup } from './commit-details.ts'
import { Commits, type PackedCommits } from './commits.ts'
import { type Changes, changesOf } from './introductions.ts'

/** What need not be found out again of a store that only grew: names of objects and how commits follow each other, nothing of what they say. */
export interface KeptHistory {
  readonly store: StoreState
  readonly wanted: readonly string[]
  readonly folders: boolean
  /** Those that brought something wanted in, or took it out. */
  readonly changing: readonly string[]
  readonly commits: PackedCommits
}

/** What was kept, and what those commits and the ones that came since did with what was wanted then. */
interface Again {
  readonly known: KeptHistory
  readonly newer: Newer
  readonly commits: Commits
  readonly changes: Changes
  /** Who made some of these commits, and when. */
  readonly details: ReadonlyMap<string, Details>
}

/** What is known from the last time, and where to keep what is known now. */
export interface Past {
  readonly kept: KeptFile<KeptHistory> | undefined
  /** Undefined where nothing is known, or it does not hold any more. */
  readonly again: Promise<Again | undefined>
}

/** Git takes longer to compare more commits than it takes to read all trees. */
export const MOST_CHANGING = 5000

/** Of more commits details are read when it is known which of them matter. */
const MOST_DETAILS = 200

/** Begins to ask git about it: what is looked for does not matter to that yet. */
export function pastOf(repository: Repository, lookup: Pick<Lookup, 'reader' | 'signal'>, kept: KeptFile<KeptHistory> | undefined): Past {
  // Commits get parents when a shallow clone is made deeper.
  const lasting = repository.shallow ? undefined : kept
  return { kept: lasting, again: lasting === undefined ? Promise.resolve(undefined) : lookAgain(repository, lookup, lasting) }
}

async function lookAgain(repository: Repository, { reader, signal }: Pick<Lookup, 'reader' | 'signal'>, kept: KeptFile<KeptHistory>): Promise<Again | undefined> {
  const known = kept.read()
  const newer = known && reader.since?.(known.store)
  if (known === undefined || newer === undefined) return undefined
  const { wanted, folders, changing } = known
  const all = [...changing, ...newer.commits]
  if (all.length > MOST_CHANGING) return undefined
  const commits = Commits.unpack(repository.idLength / 2, known.commits)
  const [changes, details] = await Promise.all([
    changesOf({ ...repository, signal }, { ids: new Set(wanted), folders }, all).catch(() => undefined),
    readCommits(reader.some(all.length > MOST_DETAILS ? newer.commits : all, signal), commits, new Set(newer.commits)),
  ])
  return changes && details && { known, newer, commits, changes, details }
}

/** Adds those that are new, and reads who made each; undefined where one that is new cannot be read. Others are asked for once more if they matter, and then somebody hears of it. */
async function readCommits(batches: AsyncIterable<ObjectBatch>, commits: Commits, isNew: ReadonlySet<string>): Promise<ReadonlyMap<string, Details> | undefined> {
  const details = new Map<string, Details>()
  for await (const batch of batches) {
    for (const object of batch) {
      if ('outcome' in object) {
        if (object.object === undefined || isNew.has(object.object)) return undefined
      } else if (object.start === 0) {
        if (isNew.has(object.id) && commits.add(object.id, object.bytes) === undefined) return undefined
        details.set(object.id, detailsIn(object.bytes))
      }
    }
  }
  return details
}
