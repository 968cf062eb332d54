import { type Entries, EntryType, WHOLE } from './plan/entries.ts'
import { linkDeltaChains, allocateDeltaChains } from './plan/delta-chains.ts'
import type { LooseFile } from './loose-object.ts'
import type { StorePlan } from './plan/plan.ts'
import { plainMemory } from './plan/plan-memory.ts'

/** What a store has of some objects. */
interface Part {
  /**
   * Their entries and those these are based on, as a store of their own: then to read a few takes
   * no time for all the others. Names keep their numbers.
   */
  readonly store: StorePlan
  /** As `markEntries` gives them. */
  readonly marks: Uint8Array
  readonly loose: readonly LooseFile[]
  /** Names of those that it has not. */
  readonly unknown: readonly string[]
}

/** Looks for objects in a store. */
export function subsetOf(store: StorePlan, ids: readonly string[]): Part {
  const [asked, loose, unknown]: [Set<number>, LooseFile[], string[]] = [new Set(), [], []]
  for (const id of ids) {
    const name = store.names.find(Buffer.from(id, 'hex'), 0)
    const file = store.loose.get(name)
    if (file !== undefined) loose.push(file)
    else if (name >= 0) asked.add(store.entries.firsts[name] ?? -1)
    else unknown.push(id)
  }
  return { ...entriesAsked(store, asked), loose, unknown }
}

function entriesAsked(store: StorePlan, asked: ReadonlySet<number>): Pick<Part, 'store' | 'marks'> {
  const { bases } = store.entries
  const all = new Set(asked)
  for (const entry of asked)
    for (let base = bases[entry] ?? -1; base >= 0 && !all.has(base); base = bases[base] ?? -1)
      all.add(base)
  const chosen = Int32Array.from(all).sort()
  const entries = entriesOf(store.entries, chosen)
  const families = linkDeltaChains(entries, allocateDeltaChains(plainMemory(), entries.count))
  return {
    store: { ...store, entries, families },
    marks: Uint8Array.from(chosen, (entry) => (asked.has(entry) ? 1 : 2)),
  }
}

function entriesOf(entries: Entries, chosen: Int32Array): Entries {
  const places = new Map(Array.from(chosen, (entry, place) => [entry, place]))
  return {
    count: chosen.length,
    packStarts: entries.packStarts.map((start) => chosen.filter((entry) => entry < start).length),
    offsets: Float64Array.from(chosen, from(entries.offsets)),
    ends: Float64Array.from(chosen, from(entries.ends)),
    headers: Uint8Array.from(chosen, from(entries.headers)),
    sizes: Float64Array.from(chosen, from(entries.sizes)),
    bases: Int32Array.from(
      chosen,
      (entry) => places.get(entries.bases[entry] ?? -1) ?? entries.bases[entry] ?? -1,
    ),
    // Those of others are told by joining them.
    types: Uint8Array.from(chosen, (entry) =>
      entries.bases[entry] === WHOLE ? (entries.types[entry] ?? 0) : EntryType.none,
    ),
    names: Int32Array.from(chosen, from(entries.names)),
    repeats: new Uint8Array(chosen.length),
    firsts: new Int32Array(0),
  }
}

/** Gives what a column has of an entry. */
function from(column: Float64Array | Int32Array | Uint8Array): (entry: number) => number {
  return (entry) => column[entry] ?? 0
}
