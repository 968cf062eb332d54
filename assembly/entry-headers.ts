// Headers of pack entries (gitformat-pack, "pack-*.pack files"). Twin: `readHeaders` in
// src/git/packfile/plan/entry-headers.ts.
import {
  BASELESS,
  bases,
  ends,
  f64At,
  firstEntries,
  headerBytes,
  i32At,
  OFFSET_DELTA,
  offsets,
  REF_DELTA,
  setF64,
  setI32,
  sizes,
  types,
  WHOLE,
} from './columns'
import { findAt } from './ids'

/** Bytes that hold the longest header: 10 of a size and then 10 of an offset or 32 of an ID. */
const MAX_HEADER_BYTES = 64
/** Git writes no size and no offset with more bytes. */
const MAX_NUMBER_BYTES = 10
const MAX_SIZE: f64 = 9007199254740991.0

/**
 * Reads the headers of entries from `first` up to, and without, `end`, as far as the window goes:
 * it holds `length` bytes of the pack from the offset `from` on. `packStart` is the first entry of
 * the pack. Returns the entry to continue with, or -1 at a header that git would not write.
 */
export function readHeaders(
  window: usize,
  from: f64,
  length: i32,
  first: i32,
  end: i32,
  packStart: i32,
  idBytes: i32,
): i32 {
  for (let entry = first; entry < end; entry += 1) {
    const offset = f64At(offsets, entry)
    if (entry > first && offset + <f64>MAX_HEADER_BYTES > from + <f64>length) return entry
    const bytes = readHeader(entry, window + <usize>(offset - from), packStart, idBytes)
    const available = min(<f64>length, f64At(ends, entry) - from)
    if (bytes < 0 || offset - from + <f64>bytes > available) return -1
    store<u8>(headerBytes + entry, <u8>bytes)
  }
  return end
}

/**
 * Reads a header such as `95 0a`: type 1 in bits 4 to 6, size 0x5 + (0x0a << 4); behind it the
 * offset or the ID of a delta's base. Returns the number of bytes, or -1.
 */
function readHeader(entry: i32, header: usize, packStart: i32, idBytes: i32): i32 {
  let at = header
  let byte = <u32>load<u8>(at)
  at += 1
  const type = (byte >> 4) & 7
  let size = <f64>(byte & 15)
  for (let scale: f64 = 16; (byte & 0x80) != 0; scale *= 128) {
    if (at - header == MAX_NUMBER_BYTES) return -1
    byte = load<u8>(at)
    at += 1
    size += <f64>(byte & 0x7f) * scale
  }
  if (size > MAX_SIZE || type == 0 || type == 5) return -1
  setF64(sizes, entry, size)
  setI32(bases, entry, WHOLE)
  if (type == OFFSET_DELTA) {
    const limit = at + MAX_NUMBER_BYTES
    byte = load<u8>(at)
    at += 1
    let distance = <f64>(byte & 0x7f)
    while ((byte & 0x80) != 0) {
      if (at == limit) return -1
      byte = load<u8>(at)
      at += 1
      distance = (distance + 1) * 128 + <f64>(byte & 0x7f)
    }
    setI32(bases, entry, entryAt(f64At(offsets, entry) - distance, packStart, entry))
  } else if (type == REF_DELTA) {
    const base = findAt(at)
    at += idBytes
    setI32(bases, entry, base < 0 ? BASELESS : i32At(firstEntries, base))
  } else store<u8>(types + entry, <u8>type)
  return <i32>(at - header)
}

/**
 * Returns the entry of a pack that begins at an offset and stands before the entry `before`, or
 * BASELESS. Searches from `before` downwards in growing steps, since most bases are near.
 */
function entryAt(offset: f64, packStart: i32, before: i32): i32 {
  let low = before
  let high = before
  for (let step = 1; low > packStart && f64At(offsets, low) > offset; step <<= 1) {
    high = low
    low = max(packStart, low - step)
  }
  while (low < high) {
    const middle = (low + high) >>> 1
    if (f64At(offsets, middle) < offset) low = middle + 1
    else high = middle
  }
  return low < before && f64At(offsets, low) == offset ? low : BASELESS
}
