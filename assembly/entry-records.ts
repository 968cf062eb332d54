// Records of the pack entries to read, six 32-bit numbers each, in the memory of the main module:
//
//    0   the number of the stretch of a pack (see pack-windows.ts) in which the zlib stream begins
//    4   bits 0-14 the place in that stretch, 18-20 the type, 21 whether the entry is no delta,
//        22-23 the selection
//    8   bytes from there to the next entry
//   12   bytes of the content: the object's, or the delta's
//   16   the first entry that is a delta of this one, or -1
//   20   the next entry with the same base, or -1

import { WHOLE } from './columns'

const RECORD_BYTES: usize = 24

/** Type codes of git's pack format. */
export const COMMIT: u32 = 1
export const TREE: u32 = 2
export const BLOB: u32 = 3

let records: usize = 0

const STRETCH_SHIFT: u64 = 15
const STRETCH_MASK: u32 = 0x7fff
/** Stands for every size that exceeds 32 bits: such an entry is not read here. */
const MAX_SIZE: f64 = 4294967295

/** Sets where the records are. */
export function setEntryRecords(at: usize): void {
  records = at
}

/**
 * Writes the records of `count` consecutive entries of a pack whose first stretch has the number
 * `firstStretch`. The plan holds, column by column: offsets, ends and sizes, 64 bits each; bases,
 * first children and next siblings, 32 bits each; and as bytes the lengths of headers, the types
 * and the selection.
 */
export function writeEntryRecords(
  into: usize,
  plan: usize,
  count: usize,
  firstStretch: u32,
): void {
  const integers = plan + 24 * count
  const bytes = integers + 12 * count
  for (let entry: usize = 0; entry < count; entry += 1) {
    const start = <u64>(load<f64>(plan + 8 * entry) + <f64>load<u8>(bytes + entry))
    const end = <u64>load<f64>(plan + 8 * (count + entry))
    const size = <u32>min(load<f64>(plan + 8 * (2 * count + entry)), MAX_SIZE)
    const type = <u32>load<u8>(bytes + count + entry)
    const selection = <u32>load<u8>(bytes + 2 * count + entry)
    const whole: u32 = load<i32>(integers + 4 * entry) == WHOLE ? 1 : 0
    const place = <u32>start & STRETCH_MASK
    const record = into + RECORD_BYTES * entry
    store<u32>(record, firstStretch + <u32>(start >> STRETCH_SHIFT))
    store<u32>(record, place | (type << 18) | (whole << 21) | (selection << 22), 4)
    store<u32>(record, <u32>min(end - start, 0xffffffff), 8)
    store<u32>(record, size, 12)
    store<u32>(record, load<u32>(integers + 4 * (count + entry)), 16)
    store<u32>(record, load<u32>(integers + 4 * (2 * count + entry)), 20)
  }
}

// @ts-ignore: decorator
@inline
function field(entry: i32, at: usize): u32 {
  return load<u32>(records + <usize>entry * RECORD_BYTES + at)
}

// @ts-ignore: decorator
@inline
export function stretchOf(entry: i32): u32 {
  return field(entry, 0)
}

// @ts-ignore: decorator
@inline
export function placeInStretch(entry: i32): u32 {
  return field(entry, 4) & STRETCH_MASK
}

// @ts-ignore: decorator
@inline
export function typeOf(entry: i32): u32 {
  return (field(entry, 4) >>> 18) & 7
}

// @ts-ignore: decorator
@inline
export function isWhole(entry: i32): bool {
  return ((field(entry, 4) >>> 21) & 1) != 0
}

/** Returns the selection of an entry, as src/git/packfile/selection.ts defines it. */
// @ts-ignore: decorator
@inline
export function selectionOf(entry: i32): u32 {
  return (field(entry, 4) >>> 22) & 3
}

// @ts-ignore: decorator
@inline
export function lengthOf(entry: i32): u32 {
  return field(entry, 8)
}

// @ts-ignore: decorator
@inline
export function sizeOf(entry: i32): u32 {
  return field(entry, 12)
}

/** Returns the first selected delta of an entry, or -1. */
export function firstChildOf(entry: i32): i32 {
  return firstSelected(<i32>field(entry, 16))
}

/** Returns the next selected entry with the same base, or -1. */
export function nextSiblingOf(entry: i32): i32 {
  return firstSelected(<i32>field(entry, 20))
}

function firstSelected(entry: i32): i32 {
  while (entry >= 0 && selectionOf(entry) == 0) entry = <i32>field(entry, 20)
  return entry
}
