import { isOfShard, type Shard } from '../../../model/shard.ts'
import type { ObjectKind } from '../../../model/model.ts'
import { type Entries, EntryType, readIndexes } from './entries.ts'
import type { DeltaChains } from './delta-chains.ts'
import { IdTable } from '../id-table.ts'
import { listLoose } from '../loose.ts'
import type { LooseFile } from '../loose-object.ts'
import { EntrySelection, isSelected } from '../selection.ts'
import { type PlanMemory, planMemory } from './plan-memory.ts'
import { PackPlanner, planBytes } from './pack-planner.ts'
import { closePacks, objectFolders, type OpenPack, openPacks } from '../store.ts'

/** Every object of a store, and where it is: the plan by which the store is read. */
export interface StorePlan {
  readonly packs: readonly OpenPack[]
  /** Checksums of the packs, in hexadecimal. */
  readonly checksums: readonly string[]
  readonly ids: IdTable
  /** IDs with numbers below this one are of objects in packs. */
  readonly packedCount: number
  readonly entries: Entries
  readonly chains: DeltaChains
  /** Loose objects that are in no pack, by the numbers of their IDs. */
  readonly loose: ReadonlyMap<number, LooseFile>
  /** Further files of loose objects that are in a pack or in another folder as well. */
  readonly looseCopies: readonly LooseFile[]
}

/**
 * Plans the reading of a store, and of those it borrows from. Loose objects are listed before
 * packs: git moves objects from there to here. Throws PackSurprise, and errors of the file system.
 */
export function planStore(objects: string, idBytes: number, memoryOf = planMemory): StorePlan {
  const folders = objectFolders(objects)
  const loose = listLoose(folders, idBytes)
  return planPacks(openPacks(folders), loose, { idBytes, memoryOf })
}

interface PlanOptions {
  readonly idBytes: number
  /** Returns memory for a plan of so many bytes. */
  readonly memoryOf: (bytes: number) => PlanMemory
}

/** Plans the reading of some packs and loose objects. Closes the packs when it throws. */
export function planPacks(
  packs: readonly OpenPack[],
  looseFiles: readonly LooseFile[],
  { idBytes, memoryOf }: PlanOptions,
): StorePlan {
  try {
    const indexes = readIndexes(packs, idBytes)
    const entryCount = indexes.reduce((sum, index) => sum + index.count, 0)
    const maxIds = entryCount + looseFiles.length
    const memory = memoryOf(planBytes(entryCount, maxIds, idBytes))
    const ids = IdTable.withRoom(maxIds, idBytes, memory)
    const planner = new PackPlanner(memory, indexes, ids)
    indexes.forEach((index, at) =>
      planner.placeEntries(at, index, (packs[at]?.size ?? 0) - idBytes),
    )
    packs.forEach(({ fd }, at) => planner.readHeaders(at, fd))
    const chains = planner.linkChains()
    const packedCount = ids.count
    return {
      packs,
      checksums: indexes.map((index) => index.packChecksum),
      ids,
      packedCount,
      entries: planner.entries,
      chains,
      ...addUnpacked(looseFiles, ids),
    }
  } catch (error) {
    closePacks(packs)
    throw error
  }
}

/** Adds loose objects to the IDs of packs. Separates those that were there before. */
function addUnpacked(
  files: readonly LooseFile[],
  ids: IdTable,
): Pick<StorePlan, 'loose' | 'looseCopies'> {
  const packedCount = ids.count
  const loose = new Map<number, LooseFile>()
  const looseCopies: LooseFile[] = []
  for (const file of files) {
    const number = ids.add(Buffer.from(file.id, 'hex'), 0)
    if (number >= packedCount && !loose.has(number)) loose.set(number, file)
    else looseCopies.push(file)
  }
  return { loose, looseCopies }
}

/** Selects the entries for which `isWanted` returns true, and those that they are based on. */
export function selectEntries(entries: Entries, isWanted: (entry: number) => boolean): Uint8Array {
  const selection = emptySelection(entries)
  for (let entry = 0; entry < entries.count; entry += 1)
    if (isWanted(entry)) selection[entry] = EntrySelection.emit
  return withBases(entries, selection)
}

/** Selects the objects of a shard, and the trees of others, which name blobs of this shard. */
export function selectionForShard({ entries, ids }: StorePlan, shard: Shard): Uint8Array {
  const selection = emptySelection(entries)
  for (let entry = 0; entry < entries.count; entry += 1) {
    if (entries.duplicates[entry] !== 0) continue
    const type = entries.types[entry]
    if (isOfShard(ids.idOf(entries.idNumbers[entry] ?? 0), shard))
      selection[entry] = EntrySelection.emit
    else if (type === EntryType.tree || type === EntryType.none)
      selection[entry] = EntrySelection.namesOnly
  }
  return withBases(entries, selection)
}

function emptySelection({ count }: Entries): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(count))
}

/** Adds to a selection the entries that the selected ones are based on. */
function withBases({ count, bases }: Entries, selection: Uint8Array): Uint8Array {
  for (let entry = 0; entry < count; entry += 1) {
    if (!isSelected(selection[entry])) continue
    let base = bases[entry] ?? -1
    while (base >= 0 && selection[base] === EntrySelection.skip) {
      selection[base] = EntrySelection.baseOnly
      base = bases[base] ?? -1
    }
  }
  return selection
}

/** Selects each object once, of some kinds only, without the entries that are excluded. */
export function selectionFor(
  { entries }: StorePlan,
  kinds?: readonly ObjectKind[],
  isExcluded?: (entry: number) => boolean,
): Uint8Array {
  if (kinds === undefined && isExcluded === undefined && !entries.duplicates.includes(1))
    return emptySelection(entries).fill(EntrySelection.emit)
  const types: readonly number[] | undefined = kinds && [
    EntryType.none,
    ...kinds.map((kind) => EntryType[kind]),
  ]
  return selectEntries(
    entries,
    (entry) =>
      entries.duplicates[entry] === 0 &&
      (types?.includes(entries.types[entry] ?? 0) ?? true) &&
      isExcluded?.(entry) !== true,
  )
}

/**
 * Returns the IDs of selected entries that lead to no whole object: a base is in no pack, or
 * entries are based on each other in a circle.
 */
export function idsWithoutRoot({ entries, ids }: StorePlan, selection: Uint8Array): string[] {
  const found: string[] = []
  if (!entries.types.includes(EntryType.none)) return found
  entries.types.forEach((type, entry) => {
    if (type === EntryType.none && isSelected(selection[entry]))
      found.push(ids.idOf(entries.idNumbers[entry] ?? 0))
  })
  return found
}
