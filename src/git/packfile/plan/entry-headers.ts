/**
 * Reads the headers of a pack's entries in TypeScript. Twin of `readHeaders` in assembly/plan.ts,
 * which leaves headers that git would not write to this one: it tells what is wrong with them.
 */
import { readSync } from 'node:fs'
import { BASELESS, type Entries, EntryType, WHOLE } from './entries.ts'
import type { IdTable } from '../id-table.ts'
import { PackSurprise } from '../pack-surprise.ts'

/** Bytes of a pack that are read at once. */
const WINDOW_BYTES = 1 << 20

/** More than the longest header: 10 bytes of size, and 10 of a distance or 32 of an ID. */
const MAX_HEADER_BYTES = 64

/** No size and no distance that git writes takes more bytes. */
const MAX_NUMBER_BYTES = 10

/** The entries of one pack, from `start` up to, and without, `end`. */
export interface HeaderRange {
  readonly start: number
  readonly end: number
  readonly ids: IdTable
}

/** Reads the headers of a pack's entries, in the order of the pack. Throws PackSurprise. */
export function readHeaders(entries: Entries, fd: number, range: HeaderRange): void {
  const window = Buffer.allocUnsafeSlow(WINDOW_BYTES)
  let windowStart = 0
  let windowLength = 0
  for (let entry = range.start; entry < range.end; entry += 1) {
    const offset = entries.offsets[entry] ?? 0
    if (entry === range.start || offset + MAX_HEADER_BYTES > windowStart + windowLength) {
      windowStart = offset
      windowLength = readSync(fd, window, 0, WINDOW_BYTES, windowStart)
    }
    const start = offset - windowStart
    const end = readHeader(entries, entry, { window, start }, range)
    if (end > Math.min(windowLength, (entries.ends[entry] ?? 0) - windowStart))
      throw new PackSurprise('an entry is cut short')
    entries.headerBytes[entry] = end - start
  }
}

/**
 * Reads `95 0a 78 9c …`: type 1 in bits 4 to 6, the size 0x5 + (0x0a << 4), and behind that the
 * zlib stream; before the stream an offset delta has the distance to its base, and a name delta the
 * ID of its base. Returns the offset of the stream, even when it is behind the end of the entry.
 */
function readHeader(
  entries: Entries,
  entry: number,
  { window, start: from }: { readonly window: Buffer; readonly start: number },
  { start, ids }: HeaderRange,
): number {
  const { type, size, end } = readTypeAndSize(window, from)
  entries.sizes[entry] = size
  entries.bases[entry] = WHOLE
  if (type === EntryType.offsetDelta) {
    const distance = readDistance(window, end)
    const baseOffset = (entries.offsets[entry] ?? 0) - distance.value
    entries.bases[entry] = entryAt(entries.offsets, baseOffset, start, entry)
    return distance.end
  }
  if (type === EntryType.nameDelta) {
    const base = ids.find(window, end)
    entries.bases[entry] = base < 0 ? BASELESS : (entries.firstEntries[base] ?? BASELESS)
    return end + ids.memory.idBytes
  }
  if (type === 0 || type === 5) throw new PackSurprise(`an entry has type ${type}`)
  entries.types[entry] = type
  return end
}

function readTypeAndSize(
  window: Buffer,
  from: number,
): { readonly type: number; readonly size: number; readonly end: number } {
  let at = from
  let byte = window[at++] ?? 0
  const type = (byte >> 4) & 7
  let size = byte & 15
  for (let scale = 16; byte & 0x80; scale *= 128) {
    if (at - from === MAX_NUMBER_BYTES)
      throw new PackSurprise('the size of an entry has too many bytes')
    byte = window[at++] ?? 0
    size += (byte & 0x7f) * scale
  }
  if (!Number.isSafeInteger(size)) throw new PackSurprise('an entry has an impossible size')
  return { type, size, end: at }
}

/** Reads the distance of an offset delta to its base: seven bits a byte, the highest first. */
function readDistance(
  window: Buffer,
  from: number,
): { readonly value: number; readonly end: number } {
  let at = from
  let byte = window[at++] ?? 0
  let value = byte & 0x7f
  while (byte & 0x80) {
    if (at - from === MAX_NUMBER_BYTES)
      throw new PackSurprise('the distance to a base has too many bytes')
    byte = window[at++] ?? 0
    value = (value + 1) * 128 + (byte & 0x7f)
  }
  return { value, end: at }
}

/** Returns the entry that begins at an offset, from `start` up to `before`; BASELESS for none. */
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
