import type { ObjectKind } from '../../../model/model.ts'
import { readPackIndex, type PackIndex } from '../pack-index.ts'
import { PackSurprise } from '../pack-surprise.ts'
import type { PlanMemory } from './plan-memory.ts'
import type { OpenPack } from '../store.ts'

/** Codes of git's pack format, and 0 for a delta whose object type is not known. */
export const EntryType = {
  none: 0,
  commit: 1,
  tree: 2,
  blob: 3,
  tag: 4,
  offsetDelta: 6,
  nameDelta: 7,
} as const

/** The kinds of objects by the codes of `EntryType`. */
export const KINDS: readonly (ObjectKind | undefined)[] = [
  undefined,
  'commit',
  'tree',
  'blob',
  'tag',
]

/** Returns the kind of an entry of this type; a blob when the type is not known. */
export function kindOf(type: number | undefined): ObjectKind {
  return KINDS[type ?? EntryType.none] ?? 'blob'
}

/** The base of an entry that is a whole object. */
export const WHOLE = -1
/** The base of a delta whose base is in no pack. */
export const BASELESS = -2

/**
 * The entries of all packs, by number: one pack after the other, each in the order of its bytes.
 * Each field is a column with an element for each entry, in memory that threads can share.
 */
export interface Entries {
  readonly count: number
  /** The first entry of each pack, and behind the last pack the count. */
  readonly packStarts: Int32Array
  /** Offset of the entry in its pack. */
  readonly offsets: Float64Array
  /** Offset behind the entry. */
  readonly ends: Float64Array
  /** Bytes of the entry's header, behind which its zlib stream begins. */
  readonly headerBytes: Uint8Array
  /** Bytes of the inflated content: of the object, or of the delta. */
  readonly sizes: Float64Array
  /** The entry that a delta is based on, or WHOLE or BASELESS. */
  readonly bases: Int32Array
  /** A code of `EntryType`. A delta has the type of its object. */
  readonly types: Uint8Array
  /** The number of the object's ID in the `IdTable`. */
  readonly idNumbers: Int32Array
  /** 1 for an object that an earlier entry has as well, from another pack. */
  readonly duplicates: Uint8Array
  /** For each number of an ID, not for each entry: the first entry with this ID. */
  readonly firstEntries: Int32Array
}

/** Bytes of a pack before its first entry. */
const PACK_HEADER_BYTES = 12

/** Bytes that `allocateEntries` takes for each entry. */
export const ENTRY_BYTES = 39

/** Allocates the columns for the entries of packs with these indexes. */
export function allocateEntries(memory: PlanMemory, indexes: readonly PackIndex[]): Entries {
  const packStarts = new Int32Array(new SharedArrayBuffer(4 * (indexes.length + 1)))
  for (const [pack, index] of indexes.entries())
    packStarts[pack + 1] = (packStarts[pack] ?? 0) + index.count
  const count = packStarts.at(-1) ?? 0
  return {
    count,
    packStarts,
    offsets: memory.allocate(Float64Array, count),
    ends: memory.allocate(Float64Array, count),
    sizes: memory.allocate(Float64Array, count),
    bases: memory.allocate(Int32Array, count),
    idNumbers: memory.allocate(Int32Array, count),
    firstEntries: memory.allocate(Int32Array, count).fill(-1),
    headerBytes: memory.allocate(Uint8Array, count),
    types: memory.allocate(Uint8Array, count),
    duplicates: memory.allocate(Uint8Array, count),
  }
}

/** Parses the indexes of packs. Throws PackSurprise when one does not belong to its pack. */
export function readIndexes(packs: readonly OpenPack[], idBytes: number): readonly PackIndex[] {
  return packs.map(({ indexBytes, header, trailer }) => {
    const index = readPackIndex(indexBytes, idBytes)
    const magic = header.toString('latin1', 0, 4)
    const version = header.readUInt32BE(4)
    if (
      magic !== 'PACK' ||
      (version !== 2 && version !== 3) ||
      header.readUInt32BE(8) !== index.count ||
      trailer.toString('hex', trailer.length - idBytes) !== index.packChecksum
    )
      throw new PackSurprise('a pack and its index do not match')
    return index
  })
}

/** The entries of one pack, to be put in the order of the pack. */
export interface PackPlacement {
  /** The number of the pack's first entry. */
  readonly start: number
  /** Offset in the pack behind its last entry. */
  readonly end: number
  /** Offsets of the entries, in the order of the index. */
  readonly offsets: Float64Array
  /** Numbers of their IDs, in the order of the index. */
  readonly idNumbers: Int32Array
}

/** Puts the entries of a pack in the order of its bytes. Throws PackSurprise. */
export function placeEntries(
  entries: Entries,
  { start, end, offsets, idNumbers }: PackPlacement,
): void {
  const order = ascendingOrder(offsets)
  let offsetBefore = PACK_HEADER_BYTES - 1
  for (let at = 0; at < order.length; at += 1) {
    const place = order[at] ?? 0
    const offset = offsets[place] ?? 0
    if (offset <= offsetBefore || offset >= end)
      throw new PackSurprise('the index has an impossible offset')
    const entry = start + at
    if (at > 0) entries.ends[entry - 1] = offset
    entries.offsets[entry] = offset
    entries.ends[entry] = end
    const id = idNumbers[place] ?? 0
    entries.idNumbers[entry] = id
    if ((entries.firstEntries[id] ?? -1) >= 0) entries.duplicates[entry] = 1
    else entries.firstEntries[id] = entry
    offsetBefore = offset
  }
}

/**
 * Returns the places of numbers in ascending order. Each number of 32 bits and its place are sorted
 * as one number of 64 bits, which the runtime does natively.
 */
function ascendingOrder(values: Float64Array): Uint32Array {
  if (values.every((value) => value < 2 ** 32)) {
    const words = new Uint32Array(values.length * 2)
    for (let at = 0; at < values.length; at += 1) {
      words[2 * at] = at
      words[2 * at + 1] = values[at] ?? 0
    }
    new BigUint64Array(words.buffer).sort()
    const places = new Uint32Array(values.length)
    for (let at = 0; at < places.length; at += 1) places[at] = words[2 * at] ?? 0
    return places
  }
  return Uint32Array.from(values, (_, at) => at).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0))
}
