import type { NewObjects, StoreState } from '../../objects/objects.ts'
import { EntryType } from '../plan/entries.ts'
import { readLoose } from '../loose.ts'
import type { LooseFile } from '../loose-object.ts'
import type { StorePlan } from '../plan/plan.ts'
import type { CachedStore } from './cached-store.ts'
import { MAX_OBJECT_BYTES } from '../emit-object.ts'

/**
 * What a store has that it had not then; undefined where something is gone, or is not as expected.
 */
export function objectsSince(
  state: StoreState,
  { fresh, known, isOld }: CachedStore,
): NewObjects | undefined {
  const before = new Set(state.loose)
  const isNew = (id: string): boolean => !before.has(id) && !isOld(Buffer.from(id, 'hex'), 0)
  const packed = commitsIn(fresh)
  if (
    packed === undefined ||
    !state.loose.every((id) => known.whereIs(Buffer.from(id, 'hex'), 0) !== undefined)
  )
    return undefined
  const loose = [...fresh.loose.values()]
  const commits = [
    ...packed.filter(isNew),
    ...loose.filter((file) => isNew(file.id) && isCommit(file)).map(({ id }) => id),
  ]
  return {
    state: { packs: [...state.packs, ...fresh.checksums], loose: loose.map(({ id }) => id) },
    commits,
    isNew,
  }
}

/** The commits of packs; undefined where it is not known of all objects what they are. */
function commitsIn({ entries, names }: StorePlan): readonly string[] | undefined {
  const { count, types, repeats } = entries
  const commits: string[] = []
  for (let entry = 0; entry < count; entry += 1) {
    if (types[entry] === EntryType.none) return undefined
    if (types[entry] === EntryType.commit && repeats[entry] === 0)
      commits.push(names.nameOf(entries.names[entry] ?? 0))
  }
  return commits
}

function isCommit(file: LooseFile): boolean {
  return readLoose(file, MAX_OBJECT_BYTES)?.kind === 'commit'
}
