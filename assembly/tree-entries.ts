// New entries of trees: the objects they link to, and name fragments in their names. Twins:
// `ConnectivityCheck` in src/git/packfile/walk/connectivity-check.ts and `EnvNames` in
// src/scan/sources/env-names.ts.
import { isSubmodule, MAX_MODE_BYTES, mayNameFile } from './modes'
import { fragmentsAt } from './name-fragments'
import { idNumberAt, isPacked } from './pack-ids'
import { isRecent, recentNumber, remember, wasEmitted } from './recent-ids'

/** The most offsets of each kind that are listed for a tree. */
const MAX_OFFSETS = 16384
const SPACE: u8 = 0x20
const LINKS = memory.data(4 * MAX_OFFSETS, 64)
const FRAGMENTS = memory.data(4 * MAX_OFFSETS, 64)

let start: usize = 0
let links: i32 = 0
let fragments: i32 = 0
/** True when the tree has more to list than there is room for, or an entry that is odd. */
let isFull: bool = false

/** Returns where the offsets of IDs of objects in no pack are listed, 32 bits each. */
export function linkOffsets(): usize {
  return LINKS
}

/** Returns where the offsets of name fragments are listed, 32 bits each. */
export function fragmentOffsets(): usize {
  return FRAGMENTS
}

/** Returns the number of listed fragments. */
export function fragmentCount(): i32 {
  return fragments
}

/** Returns the number of listed links; its complement when the list is incomplete. */
export function linkCount(): i32 {
  return isFull ? ~links : links
}

/** Empties both lists, for a tree that begins at `from`. */
export function beginTree(from: usize): void {
  start = from
  links = fragments = 0
  isFull = false
}

/**
 * Lists the link and the name fragments of the entry at `at`, unless the same ones were listed
 * recently. Returns the number of the entry's object ID; -1 when that is unknown or names a
 * submodule's commit. Up to 18 bytes behind the entry are read.
 */
export function listEntry(at: usize, id: usize, idBytes: usize): i32 {
  const number = isSubmodule(at) ? -1 : listLink(id, idBytes)
  // A name that ends with a space may be no name at all, which the twin decides.
  if (load<u8>(id - 2) == SPACE) isFull = true
  // With the last digit of the mode, which tells files from folders.
  const name = at + MAX_MODE_BYTES - 2
  for (let place = name; place < id - 2; place += 16) {
    if (fragmentsAt(place, id) == 0) continue
    if (mayNameFile(at, id) && !wasEmitted(name, id, idBytes)) listFragments(place, id)
    break
  }
  return number
}

function listLink(id: usize, idBytes: usize): i32 {
  if (isRecent(id, idBytes)) return recentNumber(id)
  const number = idNumberAt(id)
  remember(id, idBytes, number)
  if (isPacked(number)) return number
  isFull = isFull || links == MAX_OFFSETS
  if (isFull) return number
  store<u32>(LINKS + (<usize>links << 2), <u32>(id - start))
  links += 1
  return number
}

/** Lists where fragments begin in a name, from `from` on. */
function listFragments(from: usize, id: usize): void {
  for (let place = from; place < id - 2; place += 16) {
    for (let starts = fragmentsAt(place, id); starts != 0; starts &= starts - 1) {
      isFull = isFull || fragments == MAX_OFFSETS
      if (isFull) return
      store<u32>(FRAGMENTS + (<usize>fragments << 2), <u32>(place + ctz(starts) - start))
      fragments += 1
    }
  }
}
