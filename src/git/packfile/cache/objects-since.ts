import type { NewObjects, StoreState } from '../../objects/objects.ts'
import { EntryType } from '../plan/entries.ts'
import { readLoose } from '../loose.ts'
import type { LooseFile } from '../loose-object.ts'
import type { StorePlan } from '../plan/plan.ts'
import type { CachedStore } from './cached-store.ts'
import { MAX_OBJECT_BYTES } from '../emit-object.ts'

/**
 * Returns the objects that have come to a store since it was in an earlier state; undefined when an
 * object of that state is gone, or the type of a new one is not known.
 */
export function objectsSince(
  state: StoreState,
  { newPlan, locations, isCached }: CachedStore,
): NewObjects | undefined {
  const looseBefore = new Set(state.loose)
  const isNew = (id: string): boolean =>
    !looseBefore.has(id) && !isCached(Buffer.from(id, 'hex'), 0)
  const packedCommits = commitsIn(newPlan)
  const isThere = (id: string): boolean =>
    locations.locationOf(Buffer.from(id, 'hex'), 0) !== undefined
  if (packedCommits === undefined || !state.loose.every(isThere)) return undefined
  const loose = [...newPlan.loose.values()]
  const looseCommits = loose.filter((file) => isNew(file.id) && isCommit(file))
  return {
    state: {
      packs: [...state.packs, ...newPlan.checksums],
      loose: loose.map(({ id }) => id),
    },
    commits: [...packedCommits.filter(isNew), ...looseCommits.map(({ id }) => id)],
    isNew,
  }
}

/** Returns the IDs of the commits in packs; undefined when the type of an entry is not known. */
function commitsIn({ entries, ids }: StorePlan): readonly string[] | undefined {
  const { count, types, duplicates } = entries
  const commits: string[] = []
  for (let entry = 0; entry < count; entry += 1) {
    if (types[entry] === EntryType.none) return undefined
    if (types[entry] === EntryType.commit && duplicates[entry] === 0)
      commits.push(ids.idOf(entries.idNumbers[entry] ?? 0))
  }
  return commits
}

function isCommit(file: LooseFile): boolean {
  const object = readLoose(file, MAX_OBJECT_BYTES)
  return object !== undefined && 'kind' in object && object.kind === 'commit'
}
