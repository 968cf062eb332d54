import { readSync } from 'node:fs'
import { BASELESS, type Entries, EntryType, WHOLE } from './entries.ts'
import type { IdTable } from '../id-table.ts'
import { PackSurprise } from '../pack-surprise.ts'

const WINDOW_BYTES = 1 << 20
/** The longest header: 10 bytes of size, and 10 of an offset or 32 of a name. */
const HEADER_BYTES = 64
/** More bytes than these no size and no distance has that git writes. */
const MAX_BYTES = 10

/** Entries of one pack, from the first up to, and without, the last. */
export interface Reading {
  readonly start: number
  readonly end: number
  readonly names: IdTable
}

/**
 * Reads the headers of a pack's entries, once from its first byte to its last. Throws PackSurprise.
 */
export function readHeaders(entries: Entries, file: number, range: Reading): void {
  const window = Buffer.allocUnsafeSlow(WINDOW_BYTES)
  let from = 0
  let have = 0
  for (let entry = range.start; entry < range.end; entry += 1) {
    const offset = entries.offsets[entry] ?? 0
    if (entry === range.start || offset + HEADER_BYTES > from + have) {
      from = offset
      have = readSync(file, window, 0, WINDOW_BYTES, from)
    }
    const start = offset - from
    const end = readHeader(entries, entry, { window, start }, range)
    if (end > Math.min(have, (entries.ends[entry] ?? 0) - from))
      throw new PackSurprise('an entry is cut short')
    entries.headers[entry] = end - start
  }
}

/**
 * `95 0a 78 9c …`: type 1 in bits 4 to 6, size 0x5 + (0x0a << 4), then the zlib stream; an offset
 * delta has the distance to its base before that, a name delta the name of it. Gives where it ends,
 * be that behind the end of the entry.
 */
function readHeader(
  entries: Entries,
  entry: number,
  { window, start: from }: { readonly window: Buffer; readonly start: number },
  { start, names }: Reading,
): number {
  let at = from
  let byte = window[at++] ?? 0
  const type = (byte >> 4) & 7
  let size = byte & 15
  for (let scale = 16; byte & 0x80; scale *= 128) {
    if (at - from === MAX_BYTES)
      throw new PackSurprise('the size of an entry is longer than can be')
    byte = window[at++] ?? 0
    size += (byte & 0x7f) * scale
  }
  if (!Number.isSafeInteger(size)) throw new PackSurprise('an entry is larger than can be')
  entries.sizes[entry] = size
  entries.bases[entry] = WHOLE
  if (type === EntryType.offsetDelta) {
    byte = window[at++] ?? 0
    const behind = at + MAX_BYTES - 1
    let distance = byte & 0x7f
    while (byte & 0x80) {
      if (at === behind) throw new PackSurprise('a base is farther away than can be')
      byte = window[at++] ?? 0
      distance = (distance + 1) * 128 + (byte & 0x7f)
    }
    entries.bases[entry] = entryAt(
      entries.offsets,
      (entries.offsets[entry] ?? 0) - distance,
      start,
      entry,
    )
  } else if (type === EntryType.nameDelta) {
    const base = names.find(window, at)
    at += names.memory.idBytes
    entries.bases[entry] = base < 0 ? BASELESS : (entries.firsts[base] ?? BASELESS)
  } else if (type === 0 || type === 5) {
    throw new PackSurprise(`an entry has type ${type}`)
  } else {
    entries.types[entry] = type
  }
  return at
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
