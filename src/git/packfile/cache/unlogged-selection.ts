/** The tree diff log of a store, and the selection of the entries that it lacks. */
import { forEachLogged, type TreeDiffLog } from '../../objects/tree-diff-log.ts'
import type { ObjectKind } from '../../../model/model.ts'
import { kindOf } from '../plan/entries.ts'
import { selectionFor, type StorePlan } from '../plan/plan.ts'

/** Returns the log that the walkers of a store have made; an object's number is its entry. */
export function treeDiffLogOf(
  { entries, ids }: StorePlan,
  chunkLists: TreeDiffLog['chunkLists'],
  isComplete: boolean,
): TreeDiffLog {
  return {
    chunkLists,
    isComplete,
    limit: entries.count,
    kindOf: (entry) => kindOf(entries.types[entry]),
    baseOf: (entry) => Math.max(-1, entries.bases[entry] ?? -1),
    ids: {
      idBytes: ids.memory.idBytes,
      count: ids.count,
      bytes: ids.memory.ids,
      find: (bytes, at) => ids.find(bytes, at),
    },
    idNumberOf: (entry) => entries.idNumbers[entry] ?? 0,
  }
}

/** Selects the entries that `selectionFor` does, without those that the log has. */
export function unloggedSelection(
  store: StorePlan,
  log: TreeDiffLog,
  kinds?: readonly ObjectKind[],
): Uint8Array {
  const isLogged = new Uint8Array(log.limit)
  forEachLogged(log, (entry) => void (isLogged[entry] = 1))
  return selectionFor(store, kinds, (entry) => isLogged[entry] === 1)
}
