import { type Entries, EntryType, WHOLE } from './plan/entries.ts'
import { allocateDeltaChains, linkDeltaChains } from './plan/delta-chains.ts'
import type { LooseFile } from './loose-object.ts'
import type { StorePlan } from './plan/plan.ts'
import { plainMemory } from './plan/plan-memory.ts'
import { EntrySelection } from './selection.ts'

/** Some objects of a store. */
interface StoreSubset {
  /**
   * The entries of these objects, and those they are based on, as a store of their own: reading it
   * takes no time for all other entries. The numbers of IDs are those of the whole store.
   */
  readonly store: StorePlan
  readonly selection: Uint8Array
  readonly loose: readonly LooseFile[]
  /** IDs that the store does not have. */
  readonly unknownIds: readonly string[]
}

/** Looks up objects in a store, to read only these. */
export function subsetOf(store: StorePlan, ids: readonly string[]): StoreSubset {
  const chosenEntries = new Set<number>()
  const [loose, unknownIds]: [LooseFile[], string[]] = [[], []]
  for (const id of ids) {
    const number = store.ids.find(Buffer.from(id, 'hex'), 0)
    const file = store.loose.get(number)
    if (file !== undefined) loose.push(file)
    else if (number >= 0) chosenEntries.add(store.entries.firstEntries[number] ?? -1)
    else unknownIds.push(id)
  }
  return { ...withEntries(store, chosenEntries), loose, unknownIds }
}

function withEntries(
  store: StorePlan,
  chosenEntries: ReadonlySet<number>,
): Pick<StoreSubset, 'store' | 'selection'> {
  const { bases } = store.entries
  const all = new Set(chosenEntries)
  for (const entry of chosenEntries)
    for (let base = bases[entry] ?? -1; base >= 0 && !all.has(base); base = bases[base] ?? -1)
      all.add(base)
  const chosen = Int32Array.from(all).sort()
  const entries = subsetOfEntries(store.entries, chosen)
  const chains = linkDeltaChains(entries, allocateDeltaChains(plainMemory(), entries.count))
  return {
    store: { ...store, entries, chains },
    selection: Uint8Array.from(chosen, (entry) =>
      chosenEntries.has(entry) ? EntrySelection.emit : EntrySelection.baseOnly,
    ),
  }
}

/** Returns the chosen entries, numbered anew from 0; `chosen` is in ascending order. */
function subsetOfEntries(entries: Entries, chosen: Int32Array): Entries {
  const newNumbers = new Map(Array.from(chosen, (entry, number) => [entry, number]))
  return {
    count: chosen.length,
    packStarts: entries.packStarts.map((start) => chosen.filter((entry) => entry < start).length),
    offsets: Float64Array.from(chosen, valueIn(entries.offsets)),
    ends: Float64Array.from(chosen, valueIn(entries.ends)),
    headerBytes: Uint8Array.from(chosen, valueIn(entries.headerBytes)),
    sizes: Float64Array.from(chosen, valueIn(entries.sizes)),
    bases: Int32Array.from(chosen, (entry) => {
      const base = entries.bases[entry] ?? -1
      return newNumbers.get(base) ?? base
    }),
    // `linkDeltaChains` sets the types of deltas.
    types: Uint8Array.from(chosen, (entry) =>
      entries.bases[entry] === WHOLE ? (entries.types[entry] ?? 0) : EntryType.none,
    ),
    idNumbers: Int32Array.from(chosen, valueIn(entries.idNumbers)),
    duplicates: new Uint8Array(chosen.length),
    firstEntries: new Int32Array(0),
  }
}

/** Returns a function that looks up an entry's value in a column. */
function valueIn(column: Float64Array | Int32Array | Uint8Array): (entry: number) => number {
  return (entry) => column[entry] ?? 0
}
