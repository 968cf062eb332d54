// A table from object IDs to numbers. Twin: `IdTable` in src/git/packfile/id-table.ts.
import { MAX_ITERATIONS } from './loop-parts'

/** Slots that are tried for an ID, as in the twin. */
const MAX_STEPS = 256

let ids: usize = 0
let slots: usize = 0
let slotMask: usize = 0
/** Right shift that leaves the bits of an ID's first word that select its slot. */
let slotShift: u32 = 0
let idBytes: usize = 0

/** For each value of the first 16 bits, how many of the sorted IDs have a lower value. */
let fanout: usize = 0
const FANOUT_SIZE: u32 = 65536
/** The number of IDs that were added in order; they need no slots. */
let sortedCount: u32 = 0

/**
 * Sets where the IDs are, where the slots are and how many (a power of two), where there is room
 * for the 65,537 numbers of the fan-out, how many bytes an ID has, and how many IDs are sorted.
 */
export function setIds(
  idsAt: usize,
  slotsAt: usize,
  slotCount: u32,
  fanoutAt: usize,
  bytesOfId: usize,
  sorted: u32,
): void {
  ids = idsAt
  slots = slotsAt
  slotMask = slotCount - 1
  slotShift = clz(slotCount) + 1
  fanout = fanoutAt
  idBytes = bytesOfId
  sortedCount = sorted
}

/**
 * Returns the number of an ID, or -1. The ID is given as little-endian words of four bytes; of an
 * ID with 20 bytes the last three words are ignored.
 */
export function find(a: u32, b: u32, c: u32, d: u32, e: u32, f: u32, g: u32, h: u32): i32 {
  if (sortedCount > 0) {
    let number = lowerBound(bswap(a))
    const last = min(number + MAX_STEPS, sortedCount)
    for (; number < last; number += 1) {
      const at = ids + <usize>number * idBytes
      if (load<u32>(at) != a) break
      if (hasWords(at, b, c, d, e, f, g, h)) return number
    }
  }
  let slot = <usize>(bswap(a) >>> slotShift)
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const number = load<i32>(slots + (slot << 2)) - 1
    if (number < 0) return -1
    const at = ids + <usize>number * idBytes
    if (load<u32>(at) == a && hasWords(at, b, c, d, e, f, g, h)) return number
    slot = (slot + 1) & slotMask
  }
  return -1
}

/** Returns the first sorted ID whose first word, read big-endian, is not below `first`. */
function lowerBound(first: u32): u32 {
  const fanoutEntry = fanout + (<usize>(first >>> 16) << 2)
  let low = load<u32>(fanoutEntry)
  let high = load<u32>(fanoutEntry, 4)
  while (low < high) {
    const middle = (low + high) >>> 1
    if (bswap(load<u32>(ids + <usize>middle * idBytes)) < first) low = middle + 1
    else high = middle
  }
  return low
}

/** True when these words follow the first word of an ID. */
// @ts-ignore: decorator
@inline
function hasWords(at: usize, b: u32, c: u32, d: u32, e: u32, f: u32, g: u32, h: u32): bool {
  if (load<u32>(at, 4) != b || load<u32>(at, 8) != c) return false
  if (load<u32>(at, 12) != d || load<u32>(at, 16) != e) return false
  if (idBytes == 20) return true
  return load<u32>(at, 20) == f && load<u32>(at, 24) == g && load<u32>(at, 28) == h
}

/** Returns the number of the ID at an address, or -1. Reads 32 bytes. */
export function findAt(at: usize): i32 {
  return find(
    load<u32>(at),
    load<u32>(at, 4),
    load<u32>(at, 8),
    load<u32>(at, 12),
    load<u32>(at, 16),
    load<u32>(at, 20),
    load<u32>(at, 24),
    load<u32>(at, 28),
  )
}

/**
 * Adds the first `count` IDs when each is above the one before it, as in a pack index, and writes
 * their numbers, which are their places, to `numbers`. False when they are not sorted, or too many
 * share their first word.
 */
export function addSortedIds(count: u32, numbers: usize): bool {
  store<u32>(fanout, 0)
  nextBucket = equalWords = 0
  if (!addSortedPart(0, count, numbers)) return false
  for (; nextBucket < FANOUT_SIZE; nextBucket += 1)
    store<u32>(fanout + (<usize>nextBucket << 2), count, 4)
  sortedCount = count
  return true
}

/** The first 16 bits whose fan-out is not yet written. */
let nextBucket: u32 = 0
/** The number of IDs directly before the last added ID that share its first word. */
let equalWords = 0

function addSortedPart(from: u32, count: u32, numbers: usize): bool {
  const to = min(from + MAX_ITERATIONS, count)
  for (let number = from; number < to; number += 1) {
    const at = ids + <usize>number * idBytes
    const first = bswap(load<u32>(at))
    if (number > 0) {
      const before = bswap(load<u32>(at - idBytes))
      if (before > first) return false
      if (before == first && memory.compare(at - idBytes, at, idBytes) >= 0) return false
      equalWords = before == first ? equalWords + 1 : 0
      if (equalWords == MAX_STEPS) return false
    }
    store<u32>(numbers + (<usize>number << 2), number)
    for (; nextBucket < first >>> 16; nextBucket += 1)
      store<u32>(fanout + (<usize>nextBucket << 2), number, 4)
  }
  return to == count || addSortedPart(to, count, numbers)
}

/**
 * Adds `added` IDs that stand behind the `count` known ones. New IDs move up behind the known ones
 * and keep their order. Writes the number of each added ID, 32 bits, to `numbers`. Returns the new
 * count, or -1 when no slot is left for an ID.
 */
export function addIds(count: u32, added: u32, numbers: usize): i32 {
  let next = count
  for (let place: u32 = 0; place < added; place += 1) {
    const from = ids + <usize>(count + place) * idBytes
    let number = findAt(from)
    if (number < 0) {
      const slot = freeSlotFor(from)
      if (slot == 0) return -1
      const to = ids + <usize>next * idBytes
      if (to != from) memory.copy(to, from, idBytes)
      number = next
      next += 1
      store<i32>(slot, <i32>next)
    }
    store<i32>(numbers + (<usize>place << 2), number)
  }
  return next
}

/** Returns the address of a free slot for an ID, or 0 when all its slots are taken. */
function freeSlotFor(id: usize): usize {
  let slot = <usize>(bswap(load<u32>(id)) >>> slotShift)
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const at = slots + (slot << 2)
    if (load<i32>(at) == 0) return at
    slot = (slot + 1) & slotMask
  }
  return 0
}
