import { isOfShard, type Shard } from '../../../model/shard.ts'
import type { ObjectKind } from '../../../model/model.ts'
import { type Entries, EntryType, readIndexes } from './entries.ts'
import type { DeltaChains } from './delta-chains.ts'
import { IdTable } from '../id-table.ts'
import { listLoose } from '../loose.ts'
import type { LooseFile } from '../loose-object.ts'
import { isSelected, NAMES_ONLY } from '../selection.ts'
import { type PlanMemory, planMemory } from './plan-memory.ts'
import { planBytes, PackPlanner } from './pack-planner.ts'
import { closePacks, objectFolders, openPacks, type OpenPack } from '../store.ts'

/** Everything a store holds, and where. */
export interface StorePlan {
  readonly packs: readonly OpenPack[]
  readonly checksums: readonly string[]
  readonly names: IdTable
  /** Names below this number are those of packs. */
  readonly packed: number
  readonly entries: Entries
  readonly families: DeltaChains
  /** Loose objects that are in no pack, by the numbers of their names. */
  readonly loose: ReadonlyMap<number, LooseFile>
}

/**
 * Plans the reading of a store and of those it borrows from. Loose objects are listed before packs:
 * git moves objects from there to here. Throws PackSurprise, and what the file system throws.
 */
export function planStore(objects: string, idBytes: number, memoryOf = planMemory): StorePlan {
  const folders = objectFolders(objects)
  const loose = listLoose(folders, idBytes)
  return planPacks(openPacks(folders), loose, { idBytes, memoryOf })
}

interface Means {
  readonly idBytes: number
  readonly memoryOf: (bytes: number) => PlanMemory
}

/** The same of some packs and loose objects alone. Where it throws, the packs are closed. */
export function planPacks(
  packs: readonly OpenPack[],
  loose: readonly LooseFile[],
  { idBytes, memoryOf }: Means,
): StorePlan {
  try {
    const indexes = readIndexes(packs, idBytes)
    const packed = indexes.reduce((sum, index) => sum + index.count, 0)
    const memory = memoryOf(planBytes(packed, packed + loose.length, idBytes))
    const names = IdTable.withRoom(packed + loose.length, idBytes, memory)
    const planning = new PackPlanner(memory, indexes, names)
    indexes.forEach((index, at) => planning.place(at, index, (packs[at]?.bytes ?? 0) - idBytes))
    packs.forEach(({ file }, at) => planning.readHeaders(at, file))
    const families = planning.join()
    const inPacks = names.count
    const rest = new Map<number, LooseFile>()
    for (const file of loose) {
      const name = names.add(Buffer.from(file.id, 'hex'), 0)
      if (name >= inPacks && !rest.has(name)) rest.set(name, file)
    }
    return {
      packs,
      checksums: indexes.map((index) => index.packChecksum),
      names,
      packed: inPacks,
      entries: planning.entries,
      families,
      loose: rest,
    }
  } catch (error) {
    closePacks(packs)
    throw error
  }
}

/** 1 for entries that are asked for, 2 for those these are based on. */
export function selectEntries(entries: Entries, asked: (entry: number) => boolean): Uint8Array {
  const marks = new Uint8Array(new SharedArrayBuffer(entries.count))
  for (let entry = 0; entry < entries.count; entry += 1) if (asked(entry)) marks[entry] = 1
  return withBases(entries, marks)
}

/** Entries of a shard, and trees of others, which have names of its blobs. */
export function selectionForShard({ entries, names }: StorePlan, shard: Shard): Uint8Array {
  const marks = new Uint8Array(new SharedArrayBuffer(entries.count))
  for (let entry = 0; entry < entries.count; entry += 1) {
    if (entries.repeats[entry] !== 0) continue
    const type = entries.types[entry]
    if (isOfShard(names.nameOf(entries.names[entry] ?? 0), shard)) marks[entry] = 1
    else if (type === EntryType.tree || type === EntryType.none) marks[entry] = NAMES_ONLY
  }
  return withBases(entries, marks)
}

function withBases(entries: Entries, marks: Uint8Array): Uint8Array {
  for (let entry = 0; entry < entries.count; entry += 1) {
    if (!isSelected(marks[entry])) continue
    for (
      let base = entries.bases[entry] ?? -1;
      base >= 0 && marks[base] === 0;
      base = entries.bases[base] ?? -1
    )
      marks[base] = 2
  }
  return marks
}

/** Each object once, of some kinds, without those that are left out. */
export function selectionFor(
  { entries }: StorePlan,
  kinds?: readonly ObjectKind[],
  isLeftOut?: (entry: number) => boolean,
): Uint8Array {
  if (kinds === undefined && isLeftOut === undefined && !entries.repeats.includes(1))
    return new Uint8Array(new SharedArrayBuffer(entries.count)).fill(1)
  const types: readonly number[] | undefined = kinds && [
    EntryType.none,
    ...kinds.map((kind) => EntryType[kind]),
  ]
  return selectEntries(
    entries,
    (entry) =>
      entries.repeats[entry] === 0 &&
      (types?.includes(entries.types[entry] ?? 0) ?? true) &&
      isLeftOut?.(entry) !== true,
  )
}

/** Entries that lead to no whole one: a base is in no pack, or bases go in a circle. */
export function rootless({ entries, names }: StorePlan, marks: Uint8Array): string[] {
  const unread: string[] = []
  if (!entries.types.includes(EntryType.none)) return unread
  entries.types.forEach((type, entry) => {
    if (type === EntryType.none && isSelected(marks[entry]))
      unread.push(names.nameOf(entries.names[entry] ?? 0))
  })
  return unread
}
