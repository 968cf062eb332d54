import { readSync } from 'node:fs'
import { IdTable } from './id-table.ts'
import { PackSurprise, readPackIndex, type PackIndex } from './pack-index.ts'
import type { OpenPack } from './store.ts'

/** Codes of git's pack format. */
export const EntryType = { none: 0, commit: 1, tree: 2, blob: 3, tag: 4, offsetDelta: 6, nameDelta: 7 } as const

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

const WINDOW_BYTES = 1 << 20
/** The longest header: 10 bytes of size, and 10 of an offset or 32 of a name. */
const HEADER_BYTES = 64
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

/** Parses the indexes of open packs. */
export function readIndexes(packs: readonly OpenPack[], idBytes: number): readonly PackIndex[] {
  return packs.map(({ index }) => readPackIndex(index, idBytes))
}

interface Placing {
  readonly pack: OpenPack
  readonly index: PackIndex
  readonly start: number
  readonly idBytes: number
  readonly names: IdTable
}

function placeEntries(entries: Entries, { pack, index, start, idBytes, names }: Placing): void {
  const order = ascending(index.offsets)
  let before = 0
  for (let at = 0; at < index.count; at += 1) {
    const place = order[at] ?? 0
    const offset = index.offsets[place] ?? 0
    if (offset < CHECKSUM_AND_PREFIX || offset + idBytes >= pack.bytes || (at > 0 && offset <= before)) throw new PackSurprise('the index has an offset that cannot be')
    const entry = start + at
    if (at > 0) entries.ends[entry - 1] = offset
    entries.offsets[entry] = offset
    entries.ends[entry] = pack.bytes - idBytes
    const name = names.add(index.bytes, index.namesAt + index.nameStep * place)
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
    values.forEach((value, at) => {
      words[2 * at] = at
      words[2 * at + 1] = value
    })
    new BigUint64Array(words.buffer).sort()
    return Uint32Array.from(values, (_, at) => words[2 * at] ?? 0)
  }
  return Uint32Array.from(values, (_, at) => at).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0))
}

interface Reading {
  readonly start: number
  readonly end: number
  readonly names: IdTable
}

function readHeaders(entries: Entries, pack: OpenPack, range: Reading): void {
  const window = Buffer.allocUnsafeSlow(WINDOW_BYTES)
  let from = 0
  let have = 0
  for (let entry = range.start; entry < range.end; entry += 1) {
    const offset = entries.offsets[entry] ?? 0
    if (entry === range.start || offset + HEADER_BYTES > from + have) {
      from = offset
      have = readSync(pack.file, window, 0, WINDOW_BYTES, from)
    }
    readHeader(entries, entry, window.subarray(offset - from, Math.min(have, (entries.ends[entry] ?? 0) - from)), range)
  }
}

/**
 * `95 0a 78 9c …`: type 1 in bits 4 to 6, size 0x5 + (0x0a << 4), then the zlib stream; an offset delta has the distance to
 * its base before that, a name delta the name of it.
 */
function readHeader(entries: Entries, entry: number, bytes: Buffer, { start, names }: Reading): void {
  let at = 0
  const next = (): number => {
    const byte = bytes[at]
    if (byte === undefined) throw new PackSurprise('an entry is cut short')
    at += 1
    return byte
  }
  let byte = next()
  const type = (byte >> 4) & 7
  let size = byte & 15
  for (let scale = 16; byte & 0x80; scale *= 128) {
    byte = next()
    size += (byte & 0x7f) * scale
  }
  if (!Number.isSafeInteger(size)) throw new PackSurprise('an entry is larger than can be')
  entries.sizes[entry] = size
  entries.bases[entry] = WHOLE
  if (type === EntryType.offsetDelta) {
    byte = next()
    let distance = byte & 0x7f
    while (byte & 0x80) {
      byte = next()
      distance = (distance + 1) * 128 + (byte & 0x7f)
    }
    entries.bases[entry] = entryAt(entries.offsets, (entries.offsets[entry] ?? 0) - distance, start, entry)
  } else if (type === EntryType.nameDelta) {
    const { idBytes } = names.memory
    if (at + idBytes > bytes.length) throw new PackSurprise('an entry is cut short')
    const base = names.find(bytes, at)
    at += idBytes
    entries.bases[entry] = base < 0 ? BASELESS : (entries.firsts[base] ?? BASELESS)
  } else if (type === 0 || type === 5) {
    throw new PackSurprise(`an entry has type ${type}`)
  } else {
    entries.types[entry] = type
  }
  entries.headers[entry] = at
}

/** The entry that begins at an offset, among those of a pack before the given one. */
function entryAt(offsets: Float64Array, offset: number, start: number, before: number): number {
  let low = start
  let high = before
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((offsets[middle] ?? 0) < offset) low = middle + 1
    else high = middle
  }
  return low < before && offsets[low] === offset ? low : BASELESS
}

type Shareable<T> = new (memory: SharedArrayBuffer) => T

function shared<T>(type: Shareable<T> & { readonly BYTES_PER_ELEMENT: number }, count: number): T {
  return new type(new SharedArrayBuffer(count * type.BYTES_PER_ELEMENT))
}
