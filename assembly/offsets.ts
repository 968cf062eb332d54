// Entries of a pack, sorted by their offsets. Twin: `placeEntries` in
// src/git/packfile/plan/entries.ts.
import {
  duplicates,
  ends,
  firstEntries,
  i32At,
  idNumbers,
  offsets,
  setF64,
  setI32,
} from './columns'
import { MAX_ITERATIONS } from './loop-parts'

/** The radix sort of offsets uses digits of 11 bits, lowest digit first; the last one has 9. */
const DIGIT_BITS: u32 = 11
const DIGIT_MASK: u32 = 2047
/** Counts of one round: how many numbers have each digit, later where the next of them goes. */
const COUNTS_BYTES: usize = 4 * 2048
/** The first entry stands behind the 12 bytes of a pack's header. */
const FIRST_OFFSET: u32 = 12
const MAX_PACK_BYTES: f64 = 4294967296.0

/**
 * Places `count` entries of a pack that ends at `end`, from the entry `start` on. `numbers` holds
 * the numbers of their IDs, and `indexOffsets` their offsets as a pack index has them, 32 bits
 * each, big-endian. Overwrites 8 bytes for each entry at `scratch` and at `indexOffsets`, and the
 * 24 KB at `counts`. False, with nothing placed, when an offset is impossible or has more than 31
 * bits.
 */
export function placeEntries(
  start: i32,
  count: i32,
  numbers: usize,
  indexOffsets: usize,
  scratch: usize,
  counts: usize,
  end: f64,
): bool {
  if (end > MAX_PACK_BYTES || !countDigits(indexOffsets, count, counts)) return false
  sortFirstDigit(0, indexOffsets, scratch, counts, count)
  sortNextDigit(0, 1, scratch, indexOffsets, counts, count)
  sortNextDigit(0, 2, indexOffsets, scratch, counts, count)
  if (!isAscending(scratch, count, end)) return false
  fillColumns(0, start, count, numbers, scratch)
  if (count > 0) setF64(ends, start + count - 1, end)
  return true
}

/** Fills the columns of the sorted entries, except the end of the last entry. */
function fillColumns(first: i32, start: i32, count: i32, numbers: usize, sorted: usize): void {
  const last = min(first + MAX_ITERATIONS, count)
  for (let at = first; at < last; at += 1) {
    const pair = load<u64>(sorted + (<usize>at << 3))
    const entry = start + at
    const offset = <f64>(pair >> 32)
    if (at > 0) setF64(ends, entry - 1, offset)
    setF64(offsets, entry, offset)
    const id = i32At(numbers, <i32>(<u32>pair))
    setI32(idNumbers, entry, id)
    if (i32At(firstEntries, id) >= 0) store<u8>(duplicates + entry, 1)
    else setI32(firstEntries, id, entry)
  }
  if (last < count) fillColumns(last, start, count, numbers, sorted)
}

// @ts-ignore: decorator
@inline
function offsetAt(indexOffsets: usize, place: i32): u32 {
  return bswap(load<u32>(indexOffsets + (<usize>place << 2)))
}

/**
 * Writes, for each digit of each round, where the first number with that digit goes. False when an
 * offset has more than 31 bits.
 */
function countDigits(indexOffsets: usize, count: i32, counts: usize): bool {
  memory.fill(counts, 0, 3 * COUNTS_BYTES)
  if (!countPart(0, indexOffsets, count, counts)) return false
  for (let round: usize = 0; round < 3; round += 1) {
    let next: u32 = 0
    for (let at = counts + round * COUNTS_BYTES, end = at + COUNTS_BYTES; at < end; at += 4) {
      const digitCount = load<u32>(at)
      store<u32>(at, next)
      next += digitCount
    }
  }
  return true
}

function countPart(first: i32, indexOffsets: usize, count: i32, counts: usize): bool {
  const last = min(first + MAX_ITERATIONS, count)
  for (let place = first; place < last; place += 1) {
    const offset = offsetAt(indexOffsets, place)
    if (offset >> 31 != 0) return false
    for (let round: u32 = 0; round < 3; round += 1) {
      const at = countAt(counts, round, offset)
      store<u32>(at, load<u32>(at) + 1)
    }
  }
  return last == count || countPart(last, indexOffsets, count, counts)
}

// @ts-ignore: decorator
@inline
function countAt(counts: usize, round: u32, offset: u32): usize {
  const digit = <usize>((offset >>> (DIGIT_BITS * round)) & DIGIT_MASK)
  return counts + round * COUNTS_BYTES + (digit << 2)
}

/** Sorts the offsets of an index by their lowest digit. */
function sortFirstDigit(
  first: i32,
  indexOffsets: usize,
  into: usize,
  counts: usize,
  count: i32,
): void {
  const last = min(first + MAX_ITERATIONS, count)
  for (let place = first; place < last; place += 1)
    put(into, counts, 0, (<u64>offsetAt(indexOffsets, place) << 32) | place)
  if (last < count) sortFirstDigit(last, indexOffsets, into, counts, count)
}

/** Sorts pairs by the digit of a round; they are sorted by the digits of the rounds before it. */
function sortNextDigit(
  first: i32,
  round: u32,
  from: usize,
  into: usize,
  counts: usize,
  count: i32,
): void {
  const last = min(first + MAX_ITERATIONS, count)
  for (let at = first; at < last; at += 1)
    put(into, counts, round, load<u64>(from + (<usize>at << 3)))
  if (last < count) sortNextDigit(last, round, from, into, counts, count)
}

/** Puts a pair, an offset above its place in the index, where the digit of the round says. */
// @ts-ignore: decorator
@inline
function put(into: usize, counts: usize, round: u32, pair: u64): void {
  const at = countAt(counts, round, <u32>(pair >> 32))
  const next = load<u32>(at)
  store<u32>(at, next + 1)
  store<u64>(into + (<usize>next << 3), pair)
}

/** True when all offsets differ, lie behind the header and before the end of the pack. */
function isAscending(sorted: usize, count: i32, end: f64): bool {
  let minOffset: u32 = FIRST_OFFSET
  for (let at = 0; at < count; at += 1) {
    const offset = <u32>(load<u64>(sorted + (<usize>at << 3)) >> 32)
    if (offset < minOffset || <f64>offset >= end) return false
    minOffset = offset + 1
  }
  return true
}
