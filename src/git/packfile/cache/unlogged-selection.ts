import { forEachLogged, type TreeDiffLog } from '../../objects/tree-diff-log.ts'
import type { ObjectKind } from '../../../model/model.ts'
import { kindOf } from '../plan/entries.ts'
import { selectionFor, type StorePlan } from '../plan/plan.ts'

/** What threads noted of the entries of a store. */
export function treeDiffLogOf(
  { entries, names }: StorePlan,
  lists: TreeDiffLog['chunkLists'],
  isWhole: boolean,
): TreeDiffLog {
  return {
    chunkLists: lists,
    isComplete: isWhole,
    limit: entries.count,
    kindOf: (entry) => kindOf(entries.types[entry]),
    baseOf: (entry) => Math.max(-1, entries.bases[entry] ?? -1),
    ids: {
      idBytes: names.memory.idBytes,
      count: names.count,
      bytes: names.memory.ids,
      find: (bytes, at) => names.find(bytes, at),
    },
    idNumberOf: (entry) => entries.names[entry] ?? 0,
  }
}

/** As `marksFor` has it, without those of which something was noted. */
export function unloggedSelection(
  store: StorePlan,
  noted: TreeDiffLog,
  kinds?: readonly ObjectKind[],
): Uint8Array {
  const isNoted = new Uint8Array(noted.limit)
  forEachLogged(noted, (entry) => void (isNoted[entry] = 1))
  return selectionFor(store, kinds, (entry) => isNoted[entry] === 1)
}
