// Entries of trees, whole or as a dirty stream has them. Twins: `LinkCheck` in src/pack/links.ts for links, and for names `EnvNames`
// in src/sources/env-names.ts.

/** Names of objects seen lately, each in the place that its first word says: most entries of a tree were in the version before. */
const LATELY_COUNT: u32 = 1 << 14
const LATELY = memory.data(524288, 64)
/** Entries with marks that were given lately, `.env\0` and the name of an object with their length before them, each in the place that the first word of the object's name says. */
const GIVEN_COUNT: u32 = 1 << 11
const GIVEN_SIZE: usize = 64
const GIVEN = memory.data(131072, 64)
/** By a hash of three bytes: 1 where a mark begins with these. */
const MARKS = memory.data(65536, 64)
/** So many offsets of each kind are given at once. */
const MOST = 16384
const LINKS = memory.data(4 * MOST, 64)
const NAMES = memory.data(4 * MOST, 64)

/** Mirrored by `LONGEST_ENTRY_BYTES` in src/pack/links.ts. */
const LONGEST_ENTRY: usize = 320
/** Of the modes a tree's entries have, `40000 ` and `100644 ` are the shortest and the longest. */
const LONGEST_MODE: usize = 7
/** Stands where something was left out: `GAP` in src/pack/kernel.ts. */
const GAP: u32 = 0xffffffff
const GAP_SIZE: usize = 4
/** What there is instead of an entry's end: something was left out of it, or it is none. */
const CUT: usize = 1
const NO_ENTRY: usize = 0

let start: usize = 0
let end: usize = 0
let idBytes: usize = 0
let links: i32 = 0
let names: i32 = 0
/** There was more to note than there is room for. */
let full: bool = false

/** Three bytes that a mark begins with, to be looked for in names. */
export function learnMark(bytes: u32): void {
  store<u8>(MARKS + markPlace(bytes), 1)
}

/** What was seen before was of other objects, or for somebody else. */
export function forget(): void {
  memory.fill(LATELY, 0, <usize>LATELY_COUNT << 5)
  memory.fill(GIVEN, 0, <usize>GIVEN_COUNT * GIVEN_SIZE)
}

/** Where offsets are written, 32 bits each: of names of objects that were not seen lately, and of what may be marks. */
export function linkPlaces(): usize {
  return LINKS
}

export function markPlaces(): usize {
  return NAMES
}

/** How many marks the last `entries` found. */
export function markCount(): i32 {
  return names
}

/**
 * Looks at a tree, or at what a dirty stream has of one. Gives the number of objects it refers to that were not seen lately, or -1 where
 * something is not as it mostly is: then its twin has to look at all of it. Up to 3 bytes behind `to` are read.
 */
export function entries(from: usize, to: usize, bytesOfIds: usize, whole: bool): i32 {
  start = from
  end = to
  idBytes = bytesOfIds
  links = names = 0
  full = false
  for (let at = from; at < to; ) {
    const next = entryEnd(at)
    const isTaken = next > CUT && take(at, next)
    if (full) return -1
    if (isTaken) {
      at = next
      continue
    }
    if (whole || next == NO_ENTRY) return -1
    at = behindCut(at)
    if (at == 0) return -1
  }
  return links
}

/** Notes what an entry refers to and is named; false where its link is cut. */
function take(at: usize, next: usize): bool {
  const id = next - idBytes
  const foreign = isForeign(at)
  if (foreign || !isLately(id)) {
    if (gapIn(id, next)) return false
    if (!foreign) noteLink(id)
  }
  // With the last digit of its mode, which tells files from folders.
  const name = at + LONGEST_MODE - 2
  for (let place = name; place < id - 2; place += 1) {
    if (load<u8>(MARKS + markPlace(load<u32>(place))) == 0) continue
    if (!wasGiven(name, id)) give(place, id)
    break
  }
  return true
}

function noteLink(id: usize): void {
  full = links == MOST
  if (full) return
  store<u32>(LINKS + (<usize>links << 2), <u32>(id - start))
  links += 1
  remember(id)
}

/** Notes where marks stand in a name, from the first on. */
function give(from: usize, id: usize): void {
  for (let place = from; place < id - 2; place += 1) {
    if (load<u8>(MARKS + markPlace(load<u32>(place))) == 0) continue
    full = full || names == MOST
    if (full) return
    store<u32>(NAMES + (<usize>names << 2), <u32>(place - start))
    names += 1
  }
}

/** Was an entry with this name and this object given lately? From now on it was. */
function wasGiven(name: usize, id: usize): bool {
  const length = id + idBytes - name
  if (length > GIVEN_SIZE - 4) return false
  const held = GIVEN + ((<usize>load<u32>(id) & (GIVEN_COUNT - 1)) * GIVEN_SIZE)
  if (load<u32>(held) == <u32>length && memory.compare(held + 4, name, length) == 0) return true
  store<u32>(held, <u32>length)
  memory.copy(held + 4, name, length)
  return false
}

/** Where the next whole entry begins, one whose object was seen lately; 0 where there is none near enough. */
function behindCut(from: usize): usize {
  let since = from
  let at = from
  for (; at < end; at += 1) {
    if (isGap(at)) {
      if (at - since >= LONGEST_ENTRY) return 0
      since = at + GAP_SIZE
      continue
    }
    const next = modeEnd(at) == 0 ? NO_ENTRY : entryEnd(at)
    if (next <= CUT || gapIn(next - idBytes, next)) continue
    if (!isForeign(at)) {
      if (isLately(next - idBytes)) break
    } else if (next - since <= LONGEST_ENTRY && (next == end || modeEnd(next) != 0)) break
  }
  return at - since >= LONGEST_ENTRY ? 0 : at
}

/** Where the entry ends that begins here, `100644 .env\0` and the bytes of a name; or CUT or NO_ENTRY. */
function entryEnd(at: usize): usize {
  const space = modeEnd(at)
  if (space == 0) return gapIn(at, at + LONGEST_MODE) ? CUT : NO_ENTRY
  for (let nul = space + 1; nul < end; nul += 1) {
    const byte = load<u8>(nul)
    if (byte == 0) {
      const next = nul + 1 + idBytes
      if (next <= end) return next
      return gapIn(nul + 1, end) ? CUT : NO_ENTRY
    }
    if (byte == 0xff && isGap(nul)) return CUT
  }
  return NO_ENTRY
}

/** Where the space behind a mode stands, if one begins here, else 0. */
function modeEnd(at: usize): usize {
  const first = load<u8>(at)
  if (first == 0x30) return load<u8>(at + 1) == 0x34 ? folderEnd(at + 1) : 0
  if (first == 0x34) return folderEnd(at)
  if (first != 0x31 || at + 6 >= end || load<u8>(at + 6) != 0x20) return 0
  for (let digit = at + 1; digit < at + 6; digit += 1) if (load<u8>(digit) < 0x30 || load<u8>(digit) > 0x37) return 0
  return at + 6
}

/** `40000 `, which some programs wrote with a zero before it. */
function folderEnd(at: usize): usize {
  return at + 5 < end && load<u8>(at + 5) == 0x20 && load<u16>(at + 1) == 0x3030 ? at + 5 : 0
}

/** `160000`: a commit of another repository. */
// @ts-ignore: decorator
@inline
function isForeign(at: usize): bool {
  return load<u8>(at + 1) == 0x36
}

// @ts-ignore: decorator
@inline
function isGap(at: usize): bool {
  return load<u32>(at) == GAP && at + GAP_SIZE <= end
}

function gapIn(from: usize, to: usize): bool {
  for (let at = max(start, from - GAP_SIZE + 1); at < to; at += 1) if (isGap(at)) return true
  return false
}

/** Nothing but zeros stands where no name was noted yet. */
function isLately(id: usize): bool {
  if (load<u32>(id) == 0) return false
  const held = latelyPlace(id)
  for (let at: usize = 0; at < idBytes; at += 4) if (load<u32>(id + at) != load<u32>(held + at)) return false
  return true
}

function remember(id: usize): void {
  memory.copy(latelyPlace(id), id, idBytes)
}

// @ts-ignore: decorator
@inline
function latelyPlace(id: usize): usize {
  return LATELY + (<usize>(load<u32>(id) & (LATELY_COUNT - 1)) << 5)
}

/** By the three lower bytes: the multiplier leaves nothing of the fourth. */
// @ts-ignore: decorator
@inline
function markPlace(bytes: u32): u32 {
  return (bytes * 0x3779b100) >>> 16
}
