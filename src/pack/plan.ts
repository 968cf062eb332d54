import { type Entries, readEntries, readIndexes } from './entries.ts'
import { type Families, joinFamilies } from './families.ts'
import { IdTable } from './id-table.ts'
import { listLoose, type LooseFile } from './loose.ts'
import { closePacks, objectFolders, openPacks, type OpenPack } from './store.ts'

/** Everything a store holds, and where. */
export interface StorePlan {
  readonly packs: readonly OpenPack[]
  readonly checksums: readonly string[]
  readonly names: IdTable
  readonly entries: Entries
  readonly families: Families
  /** Loose objects that are in no pack, by the numbers of their names. */
  readonly loose: ReadonlyMap<number, LooseFile>
}

/**
 * Plans the reading of a store and of those it borrows from. Loose objects are listed before packs: git moves objects from
 * there to here. Throws PackSurprise, and what the file system throws.
 */
export function planStore(objects: string, idBytes: number): StorePlan {
  const folders = objectFolders(objects)
  const loose = listLoose(folders, idBytes)
  const packs = openPacks(folders)
  try {
    const indexes = readIndexes(packs, idBytes)
    const packed = indexes.reduce((sum, index) => sum + index.count, 0)
    const names = IdTable.withRoom(packed + loose.length, idBytes)
    const entries = readEntries(packs, indexes, names)
    const families = joinFamilies(entries)
    const inPacks = names.count
    const rest = new Map<number, LooseFile>()
    for (const file of loose) {
      const name = names.add(Buffer.from(file.id, 'hex'), 0)
      if (name >= inPacks && !rest.has(name)) rest.set(name, file)
    }
    return { packs, checksums: indexes.map((index) => index.packChecksum), names, entries, families, loose: rest }
  } catch (error) {
    closePacks(packs)
    throw error
  }
}

/** 1 for entries that are asked for, 2 for those these are based on. */
export function markEntries(entries: Entries, asked: (entry: number) => boolean): Uint8Array {
  const marks = new Uint8Array(new SharedArrayBuffer(entries.count))
  for (let entry = 0; entry < entries.count; entry += 1) if (asked(entry)) marks[entry] = 1
  for (let entry = 0; entry < entries.count; entry += 1) {
    if (marks[entry] !== 1) continue
    for (let base = entries.bases[entry] ?? -1; base >= 0 && marks[base] === 0; base = entries.bases[base] ?? -1) marks[base] = 2
  }
  return marks
}
