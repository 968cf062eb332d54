// Entries of a pack in the order of their bytes. Twin: `placeEntries` in src/pack/entries.ts.
import { AT_ONCE } from './at-once'
import { ends, firsts, i32At, names, offsets, repeats, setF64, setI32 } from './columns'

/** Offsets are sorted by 11 bits at a time, the lowest first; the last time there are 9. */
const DIGITS: u32 = 11
const DIGIT_MASK: u32 = 2047
/** For each value of a digit how many numbers have it, later where the next of those goes. */
const COUNTS_BYTES: usize = 4 * 2048
/** The first entry of a pack stands behind 12 bytes. */
const FIRST_OFFSET: u32 = 12

/**
 * Places `count` entries of a pack, from `start` on; they end at `end`. `numbers` are those of
 * their names, and `given` their offsets, as an index has them: 32 bits each, the highest byte
 * first. What is in `scratch` is lost, and behind `given`, 8 bytes for each, and in the 24 KB of
 * `counts`. False, and nothing is placed, where an offset cannot be, or has more than 31 bits.
 */
export function placeEntries(start: i32, count: i32, numbers: usize, given: usize, scratch: usize, counts: usize, end: f64): bool {
  if (end > 4294967296.0 || !countDigits(given, count, counts)) return false
  putGiven(0, given, scratch, counts, count)
  putSorted(0, 1, scratch, given, counts, count)
  putSorted(0, 2, given, scratch, counts, count)
  if (!ascends(scratch, count, end)) return false
  place(0, start, count, numbers, scratch)
  if (count > 0) setF64(ends, start + count - 1, end)
  return true
}

/** Gives each entry but the last its end, and all else. */
function place(first: i32, start: i32, count: i32, numbers: usize, sorted: usize): void {
  const last = min(first + AT_ONCE, count)
  for (let at = first; at < last; at += 1) {
    const both = load<u64>(sorted + (<usize>at << 3))
    const entry = start + at
    const offset = <f64>(both >> 32)
    if (at > 0) setF64(ends, entry - 1, offset)
    setF64(offsets, entry, offset)
    const name = i32At(numbers, <i32>(<u32>both))
    setI32(names, entry, name)
    if (i32At(firsts, name) >= 0) store<u8>(repeats + entry, 1)
    else setI32(firsts, name, entry)
  }
  if (last < count) place(last, start, count, numbers, sorted)
}

// @ts-ignore: decorator
@inline
function offsetAt(given: usize, place: i32): u32 {
  return bswap(load<u32>(given + (<usize>place << 2)))
}

/** Writes where the first number with each digit goes; false where one has more than 31 bits. */
function countDigits(given: usize, count: i32, counts: usize): bool {
  memory.fill(counts, 0, 3 * COUNTS_BYTES)
  if (!countGiven(0, given, count, counts)) return false
  for (let round: usize = 0; round < 3; round += 1) {
    let next: u32 = 0
    for (let at = counts + round * COUNTS_BYTES, end = at + COUNTS_BYTES; at < end; at += 4) {
      const same = load<u32>(at)
      store<u32>(at, next)
      next += same
    }
  }
  return true
}

function countGiven(first: i32, given: usize, count: i32, counts: usize): bool {
  const last = min(first + AT_ONCE, count)
  for (let place = first; place < last; place += 1) {
    const offset = offsetAt(given, place)
    if (offset >> 31 != 0) return false
    for (let round: u32 = 0; round < 3; round += 1) {
      const at = countAt(counts, round, offset)
      store<u32>(at, load<u32>(at) + 1)
    }
  }
  return last == count || countGiven(last, given, count, counts)
}

// @ts-ignore: decorator
@inline
function countAt(counts: usize, round: u32, offset: u32): usize {
  return counts + round * COUNTS_BYTES + (<usize>((offset >>> (DIGITS * round)) & DIGIT_MASK) << 2)
}

/** Sorts by the first digit what an index has. */
function putGiven(first: i32, given: usize, into: usize, counts: usize, count: i32): void {
  const last = min(first + AT_ONCE, count)
  for (let place = first; place < last; place += 1) put(into, counts, 0, (<u64>offsetAt(given, place) << 32) | place)
  if (last < count) putGiven(last, given, into, counts, count)
}

/** Sorts by another digit what is sorted by those before it. */
function putSorted(first: i32, round: u32, from: usize, into: usize, counts: usize, count: i32): void {
  const last = min(first + AT_ONCE, count)
  for (let at = first; at < last; at += 1) put(into, counts, round, load<u64>(from + (<usize>at << 3)))
  if (last < count) putSorted(last, round, from, into, counts, count)
}

/** Puts an offset, with its place below it, where its digit says. */
// @ts-ignore: decorator
@inline
function put(into: usize, counts: usize, round: u32, both: u64): void {
  const at = countAt(counts, round, <u32>(both >> 32))
  const next = load<u32>(at)
  store<u32>(at, next + 1)
  store<u64>(into + (<usize>next << 3), both)
}

/** Are these offsets, each behind the one before it, and before the end? */
function ascends(sorted: usize, count: i32, end: f64): bool {
  let least: u32 = FIRST_OFFSET
  for (let at = 0; at < count; at += 1) {
    const offset = <u32>(load<u64>(sorted + (<usize>at << 3)) >> 32)
    if (offset < least || <f64>offset >= end) return false
    least = offset + 1
  }
  return true
}
