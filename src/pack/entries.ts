import type { ObjectKind } from '../model.ts'
import { readHeaders } from './entry-headers.ts'
import type { IdTable } from './id-table.ts'
import { PackSurprise, readPackIndex, type PackIndex } from './pack-index.ts'
import type { OpenPack } from './store.ts'

/** Codes of git's pack format. */
export const EntryType = { none: 0, commit: 1, tree: 2, blob: 3, tag: 4, offsetDelta: 6, nameDelta: 7 } as const

/** What these are, by code. */
export const KINDS: readonly (ObjectKind | undefined)[] = [undefined, 'commit', 'tree', 'blob', 'tag']

/** What an entry of this type is; a blob where that is not known. */
export function kindOf(type: number | undefined): ObjectKind {
  return KINDS[type ?? EntryType.none] ?? 'blob'
}

/** `bases` of an entry that is whole, and of one whose base is not in any pack. */
export const WHOLE = -1
export const BASELESS = -2

/**
 * What stands in all packs, an entry a number: packs one after the other, each in the order of its bytes. Typed arrays, to be
 * shared between threads.
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
  /** Commit, tree, blob or tag: a delta has the type of what it changes. 0 where that is not known. */
  readonly types: Uint8Array
  /** The number of its name. */
  readonly names: Int32Array
  /** 1 for an object that was there before, in another pack. */
  readonly repeats: Uint8Array
  /** The first entry that has a name, by the name's number. */
  readonly firsts: Int32Array
}

const CHECKSUM_AND_PREFIX = 12

/** Reads the indexes and, once through each pack, the headers of entries. Throws PackSurprise. */
export function readEntries(packs: readonly OpenPack[], indexes: readonly PackIndex[], names: IdTable): Entries {
  const count = indexes.reduce((sum, index) => sum + index.count, 0)
  const entries: Entries = {
    count,
    packStarts: shared(Int32Array, packs.length + 1),
    offsets: shared(Float64Array, count),
    ends: shared(Float64Array, count),
    headers: shared(Uint8Array, count),
    sizes: shared(Float64Array, count),
    bases: shared(Int32Array, count),
    types: shared(Uint8Array, count),
    names: shared(Int32Array, count),
    repeats: shared(Uint8Array, count),
    firsts: new Int32Array(count).fill(-1),
  }
  let start = 0
  indexes.forEach((index, at) => {
    const pack = packs[at]
    entries.packStarts[at] = start
    if (pack !== undefined) placeEntries(entries, { pack, index, start, idBytes: names.memory.idBytes, names })
    start += index.count
  })
  entries.packStarts[packs.length] = start
  packs.forEach((pack, at) => readHeaders(entries, pack, { start: entries.packStarts[at] ?? 0, end: entries.packStarts[at + 1] ?? 0, names }))
  return entries
}

/** Parses the indexes of open packs, and checks that they belong to these. */
export function readIndexes(packs: readonly OpenPack[], idBytes: number): readonly PackIndex[] {
  return packs.map(({ index: bytes, header, end }) => {
    const index = readPackIndex(bytes, idBytes)
    const [magic, version, count] = [header.toString('latin1', 0, 4), header.readUInt32BE(4), header.readUInt32BE(8)]
    if (magic !== 'PACK' || (version !== 2 && version !== 3) || count !== index.count) throw new PackSurprise('a pack and its index do not fit')
    if (end.toString('hex', end.length - idBytes) !== index.packChecksum) throw new PackSurprise('a pack and its index do not fit')
    return index
  })
}

interface Placing {
  readonly pack: OpenPack
  readonly index: PackIndex
  readonly start: number
  readonly idBytes: number
  readonly names: IdTable
}

function placeEntries(entries: Entries, { pack, index, start, idBytes, names }: Placing): void {
  const offsets = index.offsets()
  const order = ascending(offsets)
  // In their own order, which is quicker than that of the pack.
  const numbers = new Int32Array(index.count)
  for (let place = 0; place < index.count; place += 1) numbers[place] = names.add(index.bytes, index.namesAt + index.nameStep * place)
  let before = 0
  for (let at = 0; at < index.count; at += 1) {
    const place = order[at] ?? 0
    const offset = offsets[place] ?? 0
    if (offset < CHECKSUM_AND_PREFIX || offset + idBytes >= pack.bytes || (at > 0 && offset <= before)) throw new PackSurprise('the index has an offset that cannot be')
    const entry = start + at
    if (at > 0) entries.ends[entry - 1] = offset
    entries.offsets[entry] = offset
    entries.ends[entry] = pack.bytes - idBytes
    const name = numbers[place] ?? 0
    entries.names[entry] = name
    if ((entries.firsts[name] ?? -1) >= 0) entries.repeats[entry] = 1
    else entries.firsts[name] = entry
    before = offset
  }
}

/** Places of numbers in ascending order. Numbers of 32 bits and their places are sorted as one number of 64, natively. */
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

type Shareable<T> = new (memory: SharedArrayBuffer) => T

function shared<T>(type: Shareable<T> & { readonly BYTES_PER_ELEMENT: number }, count: number): T {
  return new type(new SharedArrayBuffer(count * type.BYTES_PER_ELEMENT))
}
