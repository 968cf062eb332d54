import { eachNoted, type Noted } from '../../objects/noted.ts'
import type { ObjectKind } from '../../../model/model.ts'
import { kindOf } from '../plan/entries.ts'
import { marksFor, type StorePlan } from '../plan/plan.ts'

/** What threads noted of the entries of a store. */
export function notedOf(
  { entries, names }: StorePlan,
  lists: Noted['lists'],
  isWhole: boolean,
): Noted {
  return {
    lists,
    isWhole,
    limit: entries.count,
    kindOf: (entry) => kindOf(entries.types[entry]),
    baseOf: (entry) => Math.max(-1, entries.bases[entry] ?? -1),
    names: {
      idBytes: names.memory.idBytes,
      count: names.count,
      bytes: names.memory.ids,
      find: (bytes, at) => names.find(bytes, at),
    },
    nameOf: (entry) => entries.names[entry] ?? 0,
  }
}

/** As `marksFor` has it, without those of which something was noted. */
export function marksWithout(
  store: StorePlan,
  noted: Noted,
  kinds?: readonly ObjectKind[],
): Uint8Array {
  const isNoted = new Uint8Array(noted.limit)
  eachNoted(noted, (entry) => void (isNoted[entry] = 1))
  return marksFor(store, kinds, (entry) => isNoted[entry] === 1)
}
