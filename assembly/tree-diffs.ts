// Differences between versions of trees, and the links of commits, for the log of tree-diff-log.ts.
// Twins: `Trees.add` and `Commits.add` in src/git/attribution/history.
import { keptPrefix, keptSuffix } from './delta'
import { headerNumber, PARENT, TREE } from './header-links'
import { FILE_MASK, FOLDER, FOLDER_MASK, PLAIN_FILE } from './modes'
import { idBytes } from './object-filter'
import {
  ADDED,
  CHANGED,
  closeRecord,
  logFile,
  logFolder,
  logLink,
  openRecord,
  REMOVED,
} from './tree-diff-log'
import { listEntry } from './tree-entries'
import { nulFrom } from './tree-scan'

/** Bytes before a change in which the beginning of an entry is searched for. */
const SEARCH_BYTES: usize = 192

const SPACE: u8 = 0x20
const DIGIT_1: u8 = 0x31
const DIGIT_4: u8 = 0x34
const SLASH: u32 = 0x2f
/** `100755 ` as a number. */
const EXECUTABLE: u64 = 0x20353537303031

/**
 * Logs a tree that is no delta and lists all its entries. False when the record or the lists are
 * incomplete: git would not write the tree so, or there is no room.
 */
export function logTree(entry: i32, from: usize, to: usize): bool {
  openRecord(entry)
  const isLogged = logAllEntries(from, to)
  if (isLogged) closeRecord()
  return isLogged
}

/**
 * Logs the difference between the tree in `[from, to)` and the version it is a delta of, the base
 * of the delta that was applied last, and lists the entries that are new. False as in `logTree`.
 */
export function logTreeChange(
  entry: i32,
  base: usize,
  baseEnd: usize,
  from: usize,
  to: usize,
): bool {
  openRecord(entry)
  const isLogged = logDifferences(base, baseEnd, from, to)
  if (isLogged) closeRecord()
  return isLogged
}

/**
 * Logs the links of a commit, `links` of which were read from its header:
 * `tree 41a1…\nparent 3b18…\n`.
 */
export function logCommit(entry: i32, links: i32, from: usize): void {
  if (links < 1 || load<u32>(from) != TREE) return
  const hexLine = 2 * idBytes + 1
  for (let parent = 1; parent < links; parent += 1) {
    const line = from + 5 + hexLine + <usize>(parent - 1) * (7 + hexLine)
    if (load<u32>(line) != PARENT) return
  }
  openRecord(entry)
  for (let link = 0; link < links; link += 1) if (!logLink(headerNumber(link))) return
  closeRecord()
}

/** Logs an entry that only one of two versions has, or a folder that both have. */
function logEntry(change: u8, at: usize, nameAt: usize, idAt: usize): bool {
  const number = change == REMOVED ? 0 : listEntry(at, idAt, idBytes)
  if (load<u8>(at) == DIGIT_4) return logFolder(change, nameAt, idAt - 1, number)
  return logFile(idAt)
}

/** Name and ID of the entry that `readEntry` read last. */
let name: usize = 0
let id: usize = 0

/**
 * Reads the entry at `at`, `100644 .env\0` and the bytes of an ID. Returns where it ends, or 0 when
 * git would not write it so.
 */
function readEntry(at: usize, to: usize): usize {
  if (load<u8>(at) == DIGIT_1 && at + 6 < to && load<u8>(at + 6) == SPACE) name = at + 7
  else if (at + 5 < to && (load<u64>(at) & FOLDER_MASK) == FOLDER) name = at + 6
  else return 0
  id = nulFrom(name, to) + 1
  return id + idBytes <= to ? id + idBytes : 0
}

/** Logs all entries of a tree, and checks that they are in git's order. */
function logAllEntries(from: usize, to: usize): bool {
  let before: usize = 0
  let beforeName: usize = 0
  for (let at = from; at < to; ) {
    const next = readEntry(at, to)
    if (next == 0) return false
    if (before != 0 && compare(before, beforeName, at, name) >= 0) return false
    if (!logEntry(ADDED, at, name, id)) return false
    before = at
    beforeName = name
    at = next
  }
  return true
}

/** The entry of the new version that `logDifferences` read last; 0 when it skipped bytes since. */
let previous: usize = 0
let previousName: usize = 0

/** True when the entry at `at` comes behind the previous one, as git orders them. */
// @ts-ignore: decorator
@inline
function isInOrder(at: usize, nameAt: usize): bool {
  return previous == 0 || compare(previous, previousName, at, nameAt) < 0
}

/** Addresses in both versions from which on they are not yet compared. */
let oldAt: usize = 0
let newAt: usize = 0

/**
 * Logs the entries that only one of two versions has. Both are in git's order, with each name once,
 * so bytes that are equal in both, which nearly all are, need not be read.
 */
function logDifferences(base: usize, baseEnd: usize, from: usize, to: usize): bool {
  oldAt = base
  newAt = from
  previous = previousName = 0
  let wasEqual = false
  while (oldAt < baseEnd || newAt < to) {
    if (!wasEqual) {
      const skipped = skipEqual(base, baseEnd, to)
      if (skipped != CONTINUE) return skipped == EQUAL_TO_END
    }
    const oldNext = oldAt < baseEnd ? readEntry(oldAt, baseEnd) : 0
    const oldName = name
    const oldId = id
    const next = newAt < to ? readEntry(newAt, to) : 0
    if ((oldNext == 0 && oldAt < baseEnd) || (next == 0 && newAt < to)) return false
    const sign = oldNext == 0 ? 1 : next == 0 ? -1 : compare(oldAt, oldName, newAt, name)
    if (sign >= 0) {
      if (!isInOrder(newAt, name)) return false
      previous = newAt
      previousName = name
    }
    wasEqual = sign == 0 && isEqual(oldAt, oldNext, newAt, next)
    const isFolder = sign == 0 && load<u8>(newAt) == DIGIT_4
    if (!wasEqual && sign <= 0 && !isFolder && !logEntry(REMOVED, oldAt, oldName, oldId))
      return false
    if (!wasEqual && sign >= 0 && !logEntry(isFolder ? CHANGED : ADDED, newAt, name, id))
      return false
    if (sign <= 0) oldAt = oldNext
    if (sign >= 0) newAt = next
  }
  return true
}

/** Results of `skipEqual`. */
const CONTINUE: i32 = 0
const EQUAL_TO_END: i32 = 1
const MALFORMED: i32 = 2

/** Moves `oldAt` and `newAt` to the entry that holds the next difference, if that is far away. */
function skipEqual(base: usize, baseEnd: usize, to: usize): i32 {
  const longest = min(baseEnd - oldAt, to - newAt)
  const isSameLength = baseEnd - oldAt == to - newAt
  // The delta guarantees that its kept suffix is equal, so only the rest has to be compared.
  const limit = isSameLength ? longest - min(longest, keptSuffix()) : longest
  const equal = equalPrefix(oldAt, newAt, oldAt == base ? min(keptPrefix(), limit) : 0, limit)
  const isEqualToEnd = isSameLength && equal == limit
  if (!isEqualToEnd && equal <= SEARCH_BYTES) return CONTINUE
  if (previous != 0 && (readEntry(newAt, to) == 0 || !isInOrder(newAt, name))) return MALFORMED
  if (isEqualToEnd) return EQUAL_TO_END
  const entry = entryBefore(oldAt, oldAt + equal, baseEnd)
  if (entry == 0) return MALFORMED
  newAt += entry - oldAt
  oldAt = entry
  previous = 0
  return CONTINUE
}

/**
 * Returns how many first bytes of two regions are equal, at most `limit`. The first `minimum` bytes
 * are known to be.
 */
function equalPrefix(a: usize, b: usize, minimum: usize, limit: usize): usize {
  let equal = minimum
  for (; equal + 16 <= limit; equal += 16) {
    const mask = i8x16.bitmask(i8x16.ne(v128.load(a + equal), v128.load(b + equal)))
    if (mask != 0) return equal + ctz(mask)
  }
  while (equal < limit && load<u8>(a + equal) == load<u8>(b + equal)) equal += 1
  return equal
}

/**
 * Returns where an entry begins that ends behind `place`, or the first entry; 0 when something else
 * stands there. When `place` is far from `from`, searches shortly before it for the modes of two
 * entries that follow each other, and continues from the second, since a name may look like a mode.
 */
function entryBefore(from: usize, place: usize, to: usize): usize {
  let at = from
  if (place - from > SEARCH_BYTES) {
    for (let near = place - SEARCH_BYTES; near < place; near += 1) {
      if (!isMode(near)) continue
      const next = readEntry(near, to)
      if (next == 0 || next >= place || !isMode(next)) continue
      at = next
      break
    }
  }
  let last = at
  for (let next = at; next < to && next <= place; ) {
    last = at
    at = next
    next = readEntry(at, to)
    if (next == 0) return 0
  }
  return last
}

// @ts-ignore: decorator
@inline
function isMode(at: usize): bool {
  const head = load<u64>(at)
  const file = head & FILE_MASK
  return file == PLAIN_FILE || file == EXECUTABLE || (head & FOLDER_MASK) == FOLDER
}

function isEqual(a: usize, aEnd: usize, b: usize, bEnd: usize): bool {
  return aEnd - a == bEnd - b && equalPrefix(a, b, 0, aEnd - a) == aEnd - a
}

/**
 * Compares two entries in git's order: by name, where a folder's name ends with a slash. Negative
 * when the first comes first.
 */
function compare(a: usize, aName: usize, b: usize, bName: usize): i32 {
  for (let at: usize = 0; ; at += 1) {
    let first = <u32>load<u8>(aName + at)
    let second = <u32>load<u8>(bName + at)
    if (first != 0 && first == second) continue
    const bothEnded = first == 0 && second == 0
    if (first == 0 && load<u8>(a) == DIGIT_4) first = SLASH
    if (second == 0 && load<u8>(b) == DIGIT_4) second = SLASH
    return bothEnded && first == second ? 0 : first < second ? -1 : 1
  }
}
