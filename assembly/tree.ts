// Entries of trees, each when it is new: what it refers to, and marks in its name. Twins:
// `LinkCheck` in src/pack/links.ts, and `EnvNames` in src/sources/env-names.ts.
import { isLately, numberLately, remember, wasGiven } from './lately'
import { marksAt } from './marks'
import { isForeign, LONGEST_MODE, mayNameFile } from './modes'
import { isPacked, numberAt } from './packed'

/** So many offsets of each kind are given at once. */
const MOST = 16384
const LINKS = memory.data(4 * MOST, 64)
const NAMES = memory.data(4 * MOST, 64)

let start: usize = 0
let links: i32 = 0
let names: i32 = 0
/** There was more to note than there is room for. */
let full: bool = false

/**
 * Where offsets are written, 32 bits each: of names of objects that are in no pack, and of where
 * marks begin.
 */
export function linkPlaces(): usize {
  return LINKS
}

export function markPlaces(): usize {
  return NAMES
}

/** How many marks were noted of this tree. */
export function markCount(): i32 {
  return names
}

/** How many names of objects, with all bits turned where there was no room for all there is. */
export function linkCount(): i32 {
  return full ? ~links : links
}

/** Begins with another tree. */
export function beginTree(from: usize): void {
  start = from
  links = names = 0
  full = false
}

/**
 * Notes what an entry refers to and is named, unless the same was noted lately. Gives the number of
 * what it refers to; -1 where it has none, or is of another repository. Up to 18 bytes behind it
 * are read.
 */
export function take(at: usize, id: usize, idBytes: usize): i32 {
  const number = isForeign(at) ? -1 : refersTo(id, idBytes)
  // With the last digit of its mode, which tells files from folders.
  const name = at + LONGEST_MODE - 2
  for (let place = name; place < id - 2; place += 16) {
    if (marksAt(place, id) == 0) continue
    if (mayNameFile(at, id) && !wasGiven(name, id, idBytes)) give(place, id)
    break
  }
  return number
}

function refersTo(id: usize, idBytes: usize): i32 {
  if (isLately(id, idBytes)) return numberLately(id)
  const number = numberAt(id)
  remember(id, idBytes, number)
  if (!isPacked(number)) noteLink(id)
  return number
}

function noteLink(id: usize): void {
  full = full || links == MOST
  if (full) return
  store<u32>(LINKS + (<usize>links << 2), <u32>(id - start))
  links += 1
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
