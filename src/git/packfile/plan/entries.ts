import type { ObjectKind } from '../../../model/model.ts'
import { readPackIndex, type PackIndex } from '../pack-index.ts'
import { PackSurprise } from '../pack-surprise.ts'
import type { PlanMemory } from './plan-memory.ts'
import type { OpenPack } from '../store.ts'

/** Codes of git's pack format. */
export const EntryType = {
  none: 0,
  commit: 1,
  tree: 2,
  blob: 3,
  tag: 4,
  offsetDelta: 6,
  nameDelta: 7,
} as const

/** What these are, by code. */
export const KINDS: readonly (ObjectKind | undefined)[] = [
  undefined,
  'commit',
  'tree',
  'blob',
  'tag',
]

/** What an entry of this type is; a blob where that is not known. */
export function kindOf(type: number | undefined): ObjectKind {
  return KINDS[type ?? EntryType.none] ?? 'blob'
}

/** `bases` of an entry that is whole, and of one whose base is not in any pack. */
export const WHOLE = -1
export const BASELESS = -2

/**
 * What stands in all packs, an entry a number: packs one after the other, each in the order of its
 * bytes. Typed arrays, to be shared between threads.
 */
export interface Entries {
  readonly count: number
  /** The first entry of each pack, and behind the last pack the count. */
  readonly packStarts: Int32Array
  /** Where in its pack the entry begins, and where the one behind it. */
  readonly offsets: Float64Array
  readonly ends: Float64Array
  /** Bytes of its header; its zlib stream follows. */
  readonly headers: Uint8Array
  /** Bytes of its content: the object's, or the delta's. */
  readonly sizes: Float64Array
  /** The entry a delta is based on, or WHOLE or BASELESS. */
  readonly bases: Int32Array
  /**
   * Commit, tree, blob or tag: a delta has the type of what it changes. 0 where that is not known.
   */
  readonly types: Uint8Array
  /** The number of its name. */
  readonly names: Int32Array
  /** 1 for an object that was there before, in another pack. */
  readonly repeats: Uint8Array
  /** The first entry that has a name, by the name's number. */
  readonly firsts: Int32Array
}

const CHECKSUM_AND_PREFIX = 12

/** What `roomForEntries` takes of each entry. */
export const ENTRY_BYTES = 39

/** Entries of packs with such indexes, before anything is known of them. */
export function roomForEntries(memory: PlanMemory, indexes: readonly PackIndex[]): Entries {
  const packStarts = new Int32Array(new SharedArrayBuffer(4 * (indexes.length + 1)))
  for (const [pack, index] of indexes.entries())
    packStarts[pack + 1] = (packStarts[pack] ?? 0) + index.count
  const count = packStarts.at(-1) ?? 0
  return {
    count,
    packStarts,
    offsets: memory.take(Float64Array, count),
    ends: memory.take(Float64Array, count),
    sizes: memory.take(Float64Array, count),
    bases: memory.take(Int32Array, count),
    names: memory.take(Int32Array, count),
    firsts: memory.take(Int32Array, count).fill(-1),
    headers: memory.take(Uint8Array, count),
    types: memory.take(Uint8Array, count),
    repeats: memory.take(Uint8Array, count),
  }
}

/** Parses the indexes of open packs, and checks that they belong to these. */
export function readIndexes(packs: readonly OpenPack[], idBytes: number): readonly PackIndex[] {
  return packs.map(({ index: bytes, header, end }) => {
    const index = readPackIndex(bytes, idBytes)
    const [magic, version, count] = [
      header.toString('latin1', 0, 4),
      header.readUInt32BE(4),
      header.readUInt32BE(8),
    ]
    if (magic !== 'PACK' || (version !== 2 && version !== 3) || count !== index.count)
      throw new PackSurprise('a pack and its index do not fit')
    if (end.toString('hex', end.length - idBytes) !== index.packChecksum)
      throw new PackSurprise('a pack and its index do not fit')
    return index
  })
}

/** What of a pack is to be placed, and where. */
export interface Placing {
  /** The number of its first entry. */
  readonly start: number
  /** Where its entries end. */
  readonly end: number
  /** Where they begin, and the numbers of their names, in the order of the index. */
  readonly offsets: Float64Array
  readonly names: Int32Array
}

/** Puts entries of a pack in the order of its bytes. Throws PackSurprise. */
export function placeEntries(entries: Entries, { start, end, offsets, names }: Placing): void {
  const order = ascending(offsets)
  let before = CHECKSUM_AND_PREFIX - 1
  for (let at = 0; at < order.length; at += 1) {
    const place = order[at] ?? 0
    const offset = offsets[place] ?? 0
    if (offset <= before || offset >= end)
      throw new PackSurprise('the index has an offset that cannot be')
    const entry = start + at
    if (at > 0) entries.ends[entry - 1] = offset
    entries.offsets[entry] = offset
    entries.ends[entry] = end
    const name = names[place] ?? 0
    entries.names[entry] = name
    if ((entries.firsts[name] ?? -1) >= 0) entries.repeats[entry] = 1
    else entries.firsts[name] = entry
    before = offset
  }
}

/**
 * Places of numbers in ascending order. Numbers of 32 bits and their places are sorted as one
 * number of 64, natively.
 */
function ascending(values: Float64Array): Uint32Array {
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
