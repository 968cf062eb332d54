import type { ObjectKind } from '../model.ts'
import { type Entries, EntryType, readEntries, readIndexes } from './entries.ts'
import { type Families, joinFamilies } from './families.ts'
import { IdTable } from './id-table.ts'
import { listLoose } from './loose.ts'
import type { LooseFile } from './loose-object.ts'
import type { Memory } from './memory.ts'
import { closePacks, objectFolders, openPacks, type OpenPack } from './store.ts'

/** Everything a store holds, and where. */
export interface StorePlan {
  readonly packs: readonly OpenPack[]
  readonly checksums: readonly string[]
  readonly names: IdTable
  /** Names below this number are those of packs. */
  readonly packed: number
  readonly entries: Entries
  readonly families: Families
  /** Loose objects that are in no pack, by the numbers of their names. */
  readonly loose: ReadonlyMap<number, LooseFile>
}

/**
 * Plans the reading of a store and of those it borrows from. Loose objects are listed before packs: git moves objects from
 * there to here. Packs with the given checksums come first. Throws PackSurprise, and what the file system throws.
 */
export function planStore(objects: string, idBytes: number, first: readonly string[] = []): StorePlan {
  const folders = objectFolders(objects)
  const loose = listLoose(folders, idBytes)
  const open = openPacks(folders)
  try {
    const pairs = readIndexes(open, idBytes).map((index, at) => ({ index, pack: open[at] }))
    const ordered = pairs.toSorted((a, b) => Number(first.includes(b.index.packChecksum)) - Number(first.includes(a.index.packChecksum)))
    const indexes = ordered.map(({ index }) => index)
    const packs = ordered.flatMap(({ pack }) => pack ?? [])
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
    return { packs, checksums: indexes.map((index) => index.packChecksum), names, packed: inPacks, entries, families, loose: rest }
  } catch (error) {
    closePacks(open)
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

/** Of packs that are remembered only what was found in them is read again; of others each object that was not there before. */
export function marksFor({ entries, names, checksums }: StorePlan, kinds: readonly ObjectKind[] | undefined, memory: Memory | undefined): Uint8Array {
  const types: readonly number[] | undefined = kinds && [EntryType.none, ...kinds.map((kind) => EntryType[kind])]
  const newFrom = entries.packStarts[checksums.filter((pack) => memory?.packs.includes(pack)).length] ?? 0
  const found = new Set(memory?.found.map((id) => names.find(Buffer.from(id, 'hex'), 0)))
  const isNew = (entry: number): boolean => memory === undefined || entry >= newFrom || found.has(entries.names[entry] ?? -1)
  return markEntries(entries, (entry) => entries.repeats[entry] === 0 && isNew(entry) && (types?.includes(entries.types[entry] ?? 0) ?? true))
}

/** Entries that lead to no whole one: a base is in no pack, or bases go in a circle. */
export function rootless({ entries, names }: StorePlan, marks: Uint8Array): string[] {
  const unread: string[] = []
  entries.types.forEach((type, entry) => {
    if (type === EntryType.none && marks[entry] === 1) unread.push(names.nameOf(entries.names[entry] ?? 0))
  })
  return unread
}
