// Names of objects, and their numbers. Twin: `IdTable` in src/pack/id-table.ts.

import { AT_ONCE } from './at-once'

/** As there: a name is in one of so many slots. */
const MAX_STEPS = 256

let ids: usize = 0
let slots: usize = 0
let mask: usize = 0
/** The first bits of a name choose its slot: as many as are left when it is shifted by this. */
let shift: u32 = 0
let idBytes: usize = 0

/**
 * By the first 16 bits of a name: how many of the names that were added in order come before those
 * that begin so.
 */
let fanout: usize = 0
const FANOUT: u32 = 65536
/** So many names were added in order, and need no slots. */
let sorted: u32 = 0

/**
 * Says where names are, slots, of which there are a power of two, and where there is room for
 * 65,537 numbers.
 */
export function setIds(idsAt: usize, slotsAt: usize, slotCount: u32, fanoutAt: usize, bytesOfIds: usize, inOrder: u32): void {
  ids = idsAt
  slots = slotsAt
  mask = slotCount - 1
  shift = clz(slotCount) + 1
  fanout = fanoutAt
  idBytes = bytesOfIds
  sorted = inOrder
}

/**
 * The number of a name, given as words of four bytes, lowest first; -1 where there is none. Of a
 * name of 20 bytes the last three are not looked at.
 */
export function find(a: u32, b: u32, c: u32, d: u32, e: u32, f: u32, g: u32, h: u32): i32 {
  if (sorted > 0) {
    for (let number = lowerBound(bswap(a)), last = min(number + MAX_STEPS, sorted); number < last; number += 1) {
      const at = ids + <usize>number * idBytes
      if (load<u32>(at) != a) break
      if (isNamed(at, b, c, d, e, f, g, h)) return number
    }
  }
  let slot = <usize>(bswap(a) >>> shift)
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const number = load<i32>(slots + (slot << 2)) - 1
    if (number < 0) return -1
    const at = ids + <usize>number * idBytes
    if (load<u32>(at) == a && isNamed(at, b, c, d, e, f, g, h)) return number
    slot = (slot + 1) & mask
  }
  return -1
}

/** Of the names in order the first whose first word, highest first, is not below this. */
function lowerBound(first: u32): u32 {
  const bucket = fanout + (<usize>(first >>> 16) << 2)
  let low = load<u32>(bucket)
  let high = load<u32>(bucket, 4)
  while (low < high) {
    const middle = (low + high) >>> 1
    if (bswap(load<u32>(ids + <usize>middle * idBytes)) < first) low = middle + 1
    else high = middle
  }
  return low
}

/** Are these the words behind a name's first? */
// @ts-ignore: decorator
@inline
function isNamed(at: usize, b: u32, c: u32, d: u32, e: u32, f: u32, g: u32, h: u32): bool {
  if (load<u32>(at, 4) != b || load<u32>(at, 8) != c || load<u32>(at, 12) != d || load<u32>(at, 16) != e) return false
  return idBytes == 20 || (load<u32>(at, 20) == f && load<u32>(at, 24) == g && load<u32>(at, 28) == h)
}

/** The number of the name that stands somewhere, or -1. Reads 32 bytes. */
export function findAt(at: usize): i32 {
  return find(load<u32>(at), load<u32>(at, 4), load<u32>(at, 8), load<u32>(at, 12), load<u32>(at, 16), load<u32>(at, 20), load<u32>(at, 24), load<u32>(at, 28))
}

/**
 * Adds the first names there are, if each is above the one before it, as in an index: then each has
 * its place for a number, which is written as below.
 */
export function addInOrder(count: u32, numbers: usize): bool {
  store<u32>(fanout, 0)
  bucket = alike = 0
  if (!addSome(0, count, numbers)) return false
  for (; bucket < FANOUT; bucket += 1) store<u32>(fanout + (<usize>bucket << 2), count, 4)
  sorted = count
  return true
}

/**
 * Where those begin that are counted next, and how many before the last name that was added begin
 * as that does.
 */
let bucket: u32 = 0
let alike = 0

function addSome(from: u32, count: u32, numbers: usize): bool {
  const to = min(from + AT_ONCE, count)
  for (let number = from; number < to; number += 1) {
    const at = ids + <usize>number * idBytes
    const first = bswap(load<u32>(at))
    if (number > 0) {
      const before = bswap(load<u32>(at - idBytes))
      if (before > first || (before == first && memory.compare(at - idBytes, at, idBytes) >= 0)) return false
      alike = before == first ? alike + 1 : 0
      if (alike == MAX_STEPS) return false
    }
    store<u32>(numbers + (<usize>number << 2), number)
    for (; bucket < first >>> 16; bucket += 1) store<u32>(fanout + (<usize>bucket << 2), number, 4)
  }
  return to == count || addSome(to, count, numbers)
}

/**
 * Adds `more` names that stand behind the `count` that there are: those that are new move up, in
 * their order. Writes the number of each, 32 bits, and gives how many names there are now; -1 where
 * too many are alike.
 */
export function addIds(count: u32, more: u32, numbers: usize): i32 {
  let next = count
  for (let place: u32 = 0; place < more; place += 1) {
    const from = ids + <usize>(count + place) * idBytes
    let number = findAt(from)
    if (number < 0) {
      const slot = slotOf(from)
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

/** A slot for a name that has none; 0 where others have all of them. */
function slotOf(name: usize): usize {
  let slot = <usize>(bswap(load<u32>(name)) >>> shift)
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const at = slots + (slot << 2)
    if (load<i32>(at) == 0) return at
    slot = (slot + 1) & mask
  }
  return 0
}
