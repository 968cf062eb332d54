// Headers of entries. Twin: `readHeaders` in src/pack/entry-headers.ts.
import { BASELESS, bases, ends, f64At, firsts, headers, i32At, NAME_DELTA, names, offsets, OFFSET_DELTA, setF64, setI32, sizes, types, WHOLE } from './columns'
import { findAt } from './ids'

/** The longest header: 10 bytes of size, and 10 of an offset or 32 of a name. */
const HEADER_BYTES = 64
/** More bytes than these no size and no distance has that git writes. */
const MAX_BYTES = 10
const LARGEST: f64 = 9007199254740991.0

/**
 * Reads headers of entries, from one up to, and without, `end`, as far as the window goes: `have`
 * bytes of the pack from the offset `from` on.
 * `start` is the first entry of the pack. Gives the entry to go on with, or -1 where there is
 * something that git would not write.
 */
export function readHeaders(window: usize, from: f64, have: i32, first: i32, end: i32, start: i32, idBytes: i32): i32 {
  for (let entry = first; entry < end; entry += 1) {
    const offset = f64At(offsets, entry)
    if (entry > first && offset + <f64>HEADER_BYTES > from + <f64>have) return entry
    const length = readHeader(entry, window + <usize>(offset - from), start, idBytes)
    if (length < 0 || offset - from + <f64>length > min(<f64>have, f64At(ends, entry) - from)) return -1
    store<u8>(headers + entry, <u8>length)
  }
  return end
}

/**
 * `95 0a 78 9c …`: type 1 in bits 4 to 6, size 0x5 + (0x0a << 4), and what the twin says. Gives how
 * long it is, or -1.
 */
function readHeader(entry: i32, header: usize, start: i32, idBytes: i32): i32 {
  let at = header
  let byte = <u32>load<u8>(at)
  at += 1
  const type = (byte >> 4) & 7
  let size = <f64>(byte & 15)
  for (let scale: f64 = 16; (byte & 0x80) != 0; scale *= 128) {
    if (at - header == MAX_BYTES) return -1
    byte = load<u8>(at)
    at += 1
    size += <f64>(byte & 0x7f) * scale
  }
  if (size > LARGEST || type == 0 || type == 5) return -1
  setF64(sizes, entry, size)
  setI32(bases, entry, WHOLE)
  if (type == OFFSET_DELTA) {
    const behind = at + MAX_BYTES
    byte = load<u8>(at)
    at += 1
    let distance = <f64>(byte & 0x7f)
    while ((byte & 0x80) != 0) {
      if (at == behind) return -1
      byte = load<u8>(at)
      at += 1
      distance = (distance + 1) * 128 + <f64>(byte & 0x7f)
    }
    setI32(bases, entry, entryAt(f64At(offsets, entry) - distance, start, entry))
  } else if (type == NAME_DELTA) {
    const base = findAt(at)
    at += idBytes
    setI32(bases, entry, base < 0 ? BASELESS : i32At(firsts, base))
  } else store<u8>(types + entry, <u8>type)
  return <i32>(at - header)
}

/**
 * The entry that begins at an offset, among those from `start` on and before another one, near
 * which it mostly is.
 */
function entryAt(offset: f64, start: i32, before: i32): i32 {
  let low = before
  let high = before
  for (let step = 1; low > start && f64At(offsets, low) > offset; step <<= 1) {
    high = low
    low = max(start, low - step)
  }
  while (low < high) {
    const middle = (low + high) >>> 1
    if (f64At(offsets, middle) < offset) low = middle + 1
    else high = middle
  }
  return low < before && f64At(offsets, low) == offset ? low : BASELESS
}
