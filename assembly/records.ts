// What is to be read of packs: a record for each entry, of six numbers of 32 bits.
//
//    0   the stretch of a pack in which its zlib stream begins, by number
//    4   bits 0-17 where in that stretch, 18-20 its type, 21 whether it is whole, 22-23 its mark
//    8   bytes up to the next entry
//   12   bytes of its content: the object's, or the delta's
//   16   the first entry that is based on it, or -1
//   20   the next one with the same base, or -1

import { WHOLE } from './columns'

const RECORD_SIZE: usize = 24

/** Types, by git's codes. */
export const COMMIT: u32 = 1
export const TREE: u32 = 2
export const BLOB: u32 = 3

let records: usize = 0

const STRETCH_SHIFT: u64 = 18
/** Stands for what is larger than a number of 32 bits: such an entry is not read here. */
const TOO_LARGE: f64 = 4294967295

/** Says where they are. */
export function setRecords(at: usize): void {
  records = at
}

/**
 * Writes records of so many entries, which follow each other in a pack whose first stretch has the
 * given number. From `plan` on stand, column by column: where they begin, where they end, and their
 * sizes, 64 bits each; their bases, first children and next siblings, 32 bits each; and bytes: of
 * their headers, their types, and their marks.
 */
export function layRecords(into: usize, plan: usize, count: usize, stretch: u32): void {
  const numbers = plan + 24 * count
  const bytes = numbers + 12 * count
  for (let entry: usize = 0; entry < count; entry += 1) {
    const start = <u64>(load<f64>(plan + 8 * entry) + <f64>load<u8>(bytes + entry))
    const end = <u64>load<f64>(plan + 8 * (count + entry))
    const type = <u32>load<u8>(bytes + count + entry)
    const mark = <u32>load<u8>(bytes + 2 * count + entry)
    const whole: u32 = load<i32>(numbers + 4 * entry) == WHOLE ? 1 : 0
    const record = into + RECORD_SIZE * entry
    store<u32>(record, stretch + <u32>(start >> STRETCH_SHIFT))
    store<u32>(record, (<u32>start & 0x3ffff) | (type << 18) | (whole << 21) | (mark << 22), 4)
    store<u32>(record, <u32>min(end - start, 0xffffffff), 8)
    store<u32>(record, <u32>min(load<f64>(plan + 8 * (2 * count + entry)), TOO_LARGE), 12)
    store<u32>(record, load<u32>(numbers + 4 * (count + entry)), 16)
    store<u32>(record, load<u32>(numbers + 4 * (2 * count + entry)), 20)
  }
}

// @ts-ignore: decorator
@inline
function field(entry: i32, at: usize): u32 {
  return load<u32>(records + <usize>entry * RECORD_SIZE + at)
}

// @ts-ignore: decorator
@inline
export function stretchOf(entry: i32): u32 {
  return field(entry, 0)
}

// @ts-ignore: decorator
@inline
export function insideOf(entry: i32): u32 {
  return field(entry, 4) & 0x3ffff
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

/** As src/pack/marked.ts has it. */
// @ts-ignore: decorator
@inline
export function markOf(entry: i32): u32 {
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

/** The first with a mark among those that are based on an entry; -1 for none. */
export function childOf(entry: i32): i32 {
  return firstMarked(<i32>field(entry, 16))
}

/** The next with a mark that has the same base; -1 for none. */
export function siblingOf(entry: i32): i32 {
  return firstMarked(<i32>field(entry, 20))
}

function firstMarked(entry: i32): i32 {
  while (entry >= 0 && markOf(entry) == 0) entry = <i32>field(entry, 20)
  return entry
}
