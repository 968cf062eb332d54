// Entries of trees, whole or as a dirty stream has them. Twins: `LinkCheck` in src/pack/links.ts for links, and for names `EnvNames`
// in src/sources/env-names.ts.
import { isLately, remember, wasGiven } from './lately'
import { marksAt } from './marks'
import { isForeign, LONGEST_MODE, mayNameFile, modeEnd } from './modes'

/** So many offsets of each kind are given at once. */
const MOST = 16384
const LINKS = memory.data(4 * MOST, 64)
const NAMES = memory.data(4 * MOST, 64)

/** Stands where something was left out: `GAP` in src/pack/kernel.ts. */
const GAP: u32 = 0xffffffff
const GAP_SIZE: usize = 4
/** What there is instead of an entry's end: something was left out of it, or it is none. */
const CUT: usize = 1
const NO_ENTRY: usize = 0

let start: usize = 0
let end: usize = 0
let idBytes: usize = 0
/** So many bytes stand on both sides of what is new. */
let reach: usize = 0
let links: i32 = 0
let names: i32 = 0
/** There was more to note than there is room for. */
let full: bool = false

/** Where offsets are written, 32 bits each: of names of objects that were not seen lately, and of where marks begin. */
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
 * Looks at a tree, or at what a dirty stream of some reach has of one; 0 says that it is a whole one. Gives the number of objects it refers
 * to that were not seen lately. Where something is not as it mostly is, it stops, and gives the number of those up to there with
 * all its bits turned: then a stream of a longer reach may do, and at last its twin. Up to 18 bytes behind `to` are read.
 */
export function entries(from: usize, to: usize, bytesOfIds: usize, bytesAround: usize): i32 {
  start = from
  end = to
  idBytes = bytesOfIds
  reach = bytesAround
  links = names = 0
  full = false
  for (let at = from; at < to; ) {
    const next = entryEnd(at)
    const isTaken = next > CUT && take(at, next)
    if (full) return ~links
    if (isTaken) {
      at = next
      continue
    }
    if (reach == 0 || next == NO_ENTRY) return ~links
    at = behindCut(at)
    if (at == 0) return ~links
  }
  return links
}

/** Notes what an entry refers to and is named; false where its link is cut. */
function take(at: usize, next: usize): bool {
  const id = next - idBytes
  const foreign = isForeign(at)
  if (foreign || !isLately(id, idBytes)) {
    if (gapIn(id, next)) return false
    if (!foreign) noteLink(id)
  }
  // With the last digit of its mode, which tells files from folders.
  const name = at + LONGEST_MODE - 2
  for (let place = name; place < id - 2; place += 16) {
    if (marksAt(place, id) == 0) continue
    if (mayNameFile(at, id) && !wasGiven(name, id, idBytes)) give(place, id)
    break
  }
  return true
}

function noteLink(id: usize): void {
  full = links == MOST
  if (full) return
  store<u32>(LINKS + (<usize>links << 2), <u32>(id - start))
  links += 1
  remember(id, idBytes)
}

/** Notes where marks begin in a name, from the first on. */
function give(from: usize, id: usize): void {
  for (let place = from; place < id - 2; place += 16) {
    for (let some = marksAt(place, id); some != 0; some &= some - 1) {
      full = full || names == MOST
      if (full) return
      store<u32>(NAMES + (<usize>names << 2), <u32>(place + ctz(some) - start))
      names += 1
    }
  }
}

/** Where the next whole entry begins, one whose object was seen lately; 0 where there is none near enough. */
function behindCut(from: usize): usize {
  let since = from
  let at = from
  for (; at < end; at += 1) {
    at += beforeStart(at)
    if (at >= end) break
    if (isGap(at)) {
      if (at - since >= reach) return 0
      since = at + GAP_SIZE
      continue
    }
    const next = modeEnd(at, end) == 0 ? NO_ENTRY : entryEnd(at)
    if (next <= CUT || gapIn(next - idBytes, next)) continue
    if (!isForeign(at)) {
      if (isLately(next - idBytes, idBytes)) break
    } else if (next - since <= reach && (next == end || modeEnd(next, end) != 0)) break
  }
  at = min(at, end)
  return at - since >= reach ? 0 : at
}

/** How many of sixteen bytes come before the first that a mode or a gap may begin with. */
// @ts-ignore: decorator
@inline
function beforeStart(at: usize): usize {
  const bytes = v128.load(at)
  const modes = v128.or(v128.or(i8x16.eq(bytes, i8x16.splat(0x30)), i8x16.eq(bytes, i8x16.splat(0x31))), i8x16.eq(bytes, i8x16.splat(0x34)))
  return ctz(<u32>i8x16.bitmask(v128.or(modes, i8x16.eq(bytes, i8x16.splat(-1)))) | 0x8000)
}

/** Where the entry ends that begins here, `100644 .env\0` and the bytes of a name; or CUT or NO_ENTRY. */
function entryEnd(at: usize): usize {
  const space = modeEnd(at, end)
  if (space == 0) return gapIn(at, at + LONGEST_MODE) ? CUT : NO_ENTRY
  for (let from = space + 1; from < end; from += 16) {
    const bytes = v128.load(from)
    for (let some = <u32>i8x16.bitmask(v128.or(i8x16.eq(bytes, i8x16.splat(0)), i8x16.eq(bytes, i8x16.splat(-1)))); some != 0; some &= some - 1) {
      const nul = from + ctz(some)
      if (nul >= end) return NO_ENTRY
      if (load<u8>(nul) != 0) {
        if (isGap(nul)) return CUT
        continue
      }
      const next = nul + 1 + idBytes
      if (next <= end) return next
      return gapIn(nul + 1, end) ? CUT : NO_ENTRY
    }
  }
  return NO_ENTRY
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
