// Entries of trees that may lead to wanted objects. The twin is `scanTree` in
// src/attribute/tree-scan.ts.

/** By the first 19 bits of an object's name: 1 where it may be wanted. */
const WANTED = memory.data(65536, 64)
/**
 * Folders seen lately, each in the place that its object's name says: the number it was given + 1,
 * the length of its name with that of the object, and both.
 */
const LATELY_COUNT: u32 = 1 << 15
const LATELY_SIZE: usize = 64
const LATELY = memory.data(2097152, 64)
const HEAD: usize = 8
/** So many entries are noted at once. */
const MOST = 16384
const NOTED = memory.data(4 * MOST, 64)
/** The most bytes of a mode and the space behind it. */
const LONGEST_MODE: usize = 8

const SPACE: u32 = 0x20
const ONE: u32 = 0x31
const FOUR: u32 = 0x34

let count: i32 = 0

/** An object whose name begins with these three bytes, the first one highest, is wanted. */
export function want(bytes: u32): void {
  const bit = bytes >>> 5
  const at = WANTED + (bit >>> 3)
  store<u8>(at, <u8>(<u32>load<u8>(at) | (<u32>1 << (bit & 7))))
}

/** Where `folders` notes numbers, 32 bits each, and how many the last one noted. */
export function notedPlaces(): usize {
  return NOTED
}

export function notedCount(): i32 {
  return count
}

/**
 * Notes the entries of a tree that are no plain files, or whose objects may be wanted: the number
 * that was given for an equal folder, or the complement of the offset. Gives the offset of the
 * first entry that is not whole; -1 for what is no tree, -2 where there is more to note than there
 * is room for. Up to 15 bytes behind `to` are read.
 */
export function folders(from: usize, to: usize, idBytes: usize): i32 {
  count = 0
  for (let at = from; at < to; ) {
    const name = behindMode(at, to)
    if (name == 0) return to - at < LONGEST_MODE ? <i32>(at - from) : -1
    const id = nulFrom(name, to) + 1
    const next = id + idBytes
    if (next > to) return <i32>(at - from)
    const isWanted = mayBeWanted(id)
    if (isWanted || load<u8>(at) != ONE) {
      if (count == MOST) return -2
      // What has another mode may be no folder, whatever it is named and refers to.
      const number = isWanted || !isFolder(at, name) ? -1 : numberOf(name, id, next)
      store<i32>(NOTED + (<usize>count << 2), number < 0 ? ~<i32>(at - from) : number)
      count += 1
    }
    at = next
  }
  return <i32>(to - from)
}

/** Gives the entry that begins here a number. */
export function number(at: usize, to: usize, idBytes: usize, given: i32): void {
  const name = behindMode(at, to)
  const id = nulFrom(name, to) + 1
  const length = id + idBytes - name
  if (length > LATELY_SIZE - HEAD) return
  const held = heldAt(id)
  store<i32>(held, given + 1)
  store<u32>(held + 4, <u32>length)
  memory.copy(held + HEAD, name, length)
}

/** The number of an equal entry, or -1. */
function numberOf(name: usize, id: usize, next: usize): i32 {
  const held = heldAt(id)
  const length = next - name
  if (load<u32>(held + 4) != <u32>length) return -1
  // A name has twenty bytes or more, so two looks of sixteen may overlap, and nothing is left.
  const own = held + HEAD
  const last = length - 16
  for (let at: usize = 0; at < last; at += 16) if (differ(own + at, name + at)) return -1
  return differ(own + last, name + last) ? -1 : load<i32>(held) - 1
}

// @ts-ignore: decorator
@inline
function differ(a: usize, b: usize): bool {
  return v128.any_true(v128.xor(v128.load(a), v128.load(b)))
}

// @ts-ignore: decorator
@inline
function heldAt(id: usize): usize {
  return LATELY + <usize>(load<u32>(id) & (LATELY_COUNT - 1)) * LATELY_SIZE
}

// @ts-ignore: decorator
@inline
function mayBeWanted(id: usize): bool {
  const bit = (<u32>load<u8>(id) << 11) | (<u32>load<u8>(id + 1) << 3) | (<u32>load<u8>(id + 2) >>> 5)
  return ((load<u8>(WANTED + (bit >>> 3)) >>> (bit & 7)) & 1) != 0
}

/** `40000 `. */
// @ts-ignore: decorator
@inline
function isFolder(at: usize, name: usize): bool {
  return name == at + 6 && load<u8>(at) == FOUR && load<u32>(at + 1) == 0x30303030
}

/** Where the name of an entry begins, or 0 where there is no mode. */
// @ts-ignore: decorator
@inline
function behindMode(at: usize, to: usize): usize {
  const first = load<u8>(at)
  if (first == ONE && at + 6 < to && load<u8>(at + 6) == SPACE) return at + 7
  if (first == FOUR && at + 5 < to && load<u8>(at + 5) == SPACE) return at + 6
  const end = min(at + LONGEST_MODE, to)
  for (let place = at; place < end; place += 1) if (load<u8>(place) == SPACE) return place + 1
  return 0
}

/** Where the next NUL is; `to` or behind it where there is none before. */
// @ts-ignore: decorator
@inline
export function nulFrom(from: usize, to: usize): usize {
  for (let at = from; at < to; at += 16) {
    const mask = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(0)))
    if (mask != 0) return at + ctz(mask)
  }
  return to
}
