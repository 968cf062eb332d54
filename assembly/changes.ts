// What versions of trees change, and what commits refer to. Twins: `Trees.add` and `Commits.add` in
// src/attribute.
import { kept, keptAtEnd } from './delta'
import { nulFrom } from './folders'
import { headerNumber, PARENT, TREE } from './headers'
import { FILE_MASK, FOLDER, FOLDER_MASK, PLAIN_FILE } from './modes'
import { CHANGED, close, COME, GONE, noteFolder, noteLink, notePlain, open } from './notes'
import { idBytes } from './sight'
import { take } from './tree'

/** So far before a change an entry is looked for. */
const NEAR: usize = 192

const SPACE: u8 = 0x20
const ONE: u8 = 0x31
const FOUR: u8 = 0x34
const SLASH: u32 = 0x2f
/** `100755 `, as a number. */
const PROGRAM: u64 = 0x20353537303031

/**
 * Notes a tree that is whole, and takes all its entries. False where not all of it was taken:
 * something is not as git would write it, or too much.
 */
export function noteTree(entry: i32, from: usize, to: usize): bool {
  open(entry)
  const isNoted = tree(from, to)
  if (isNoted) close()
  return isNoted
}

/**
 * Notes what tells a version of a tree from the one that it is based on and was put together from
 * last, and takes entries that are new.
 */
export function noteChange(entry: i32, base: usize, baseEnd: usize, from: usize, to: usize): bool {
  open(entry)
  const isNoted = change(base, baseEnd, from, to)
  if (isNoted) close()
  return isNoted
}

/**
 * Notes a commit, from which so many links were read: `tree 41a1…\nparent 3b18…\n`, the bytes of
 * the names.
 */
export function noteCommit(entry: i32, links: i32, from: usize): void {
  if (links < 1 || load<u32>(from) != TREE) return
  const line = 2 * idBytes + 1
  for (let parent = 1; parent < links; parent += 1) if (load<u32>(from + 5 + line + <usize>(parent - 1) * (7 + line)) != PARENT) return
  open(entry)
  for (let link = 0; link < links; link += 1) if (!noteLink(headerNumber(link))) return
  close()
}

/** An entry that only one of two versions has. */
function note(sign: u8, at: usize, nameAt: usize, idAt: usize): bool {
  const number = sign == GONE ? 0 : take(at, idAt, idBytes)
  return load<u8>(at) == FOUR ? noteFolder(sign, nameAt, idAt - 1, number) : notePlain(idAt)
}

/** Of the entry that `read` was asked about last. */
let name: usize = 0
let id: usize = 0

/**
 * Reads the entry that begins here, `100644 .env\0` and the bytes of a name. Gives where it ends,
 * or 0 where none does that git would write.
 */
function read(at: usize, to: usize): usize {
  if (load<u8>(at) == ONE && at + 6 < to && load<u8>(at + 6) == SPACE) name = at + 7
  else if (at + 5 < to && (load<u64>(at) & FOLDER_MASK) == FOLDER) name = at + 6
  else return 0
  id = nulFrom(name, to) + 1
  return id + idBytes <= to ? id + idBytes : 0
}

/** All entries of a tree. */
function tree(from: usize, to: usize): bool {
  let before: usize = 0
  let beforeName: usize = 0
  for (let at = from; at < to; ) {
    const next = read(at, to)
    if (next == 0 || (before != 0 && order(before, beforeName, at, name) >= 0) || !note(COME, at, name, id)) return false
    before = at
    beforeName = name
    at = next
  }
  return true
}

/**
 * Entries that only one of two versions has. They are in git's order, each once, as those of the
 * other one are: then what is equal in both need not be looked at, and nearly all is.
 */
function change(base: usize, baseEnd: usize, from: usize, to: usize): bool {
  let old = base
  let fresh = from
  let before: usize = 0
  let beforeName: usize = 0
  let wasEqual = false
  while (old < baseEnd || fresh < to) {
    if (!wasEqual) {
      const most = min(baseEnd - old, to - fresh)
      const isAsLong = baseEnd - old == to - fresh
      // So far it is not known what is equal.
      const unsure = isAsLong ? most - min(most, keptAtEnd()) : most
      const same = sameAtStart(old, fresh, old == base ? min(kept(), unsure) : 0, unsure)
      const isAll = isAsLong && same == unsure
      if (isAll || same > NEAR) {
        if (before != 0 && (read(fresh, to) == 0 || order(before, beforeName, fresh, name) >= 0)) return false
        if (isAll) return true
        const near = entryBefore(old, old + same, baseEnd)
        if (near == 0) return false
        fresh += near - old
        old = near
        before = 0
      }
    }
    const oldNext = old < baseEnd ? read(old, baseEnd) : 0
    const oldName = name
    const oldId = id
    const next = fresh < to ? read(fresh, to) : 0
    if ((oldNext == 0 && old < baseEnd) || (next == 0 && fresh < to)) return false
    const sign = oldNext == 0 ? 1 : next == 0 ? -1 : order(old, oldName, fresh, name)
    if (sign >= 0) {
      if (before != 0 && order(before, beforeName, fresh, name) >= 0) return false
      before = fresh
      beforeName = name
    }
    wasEqual = sign == 0 && equal(old, oldNext, fresh, next)
    const isFolder = sign == 0 && load<u8>(fresh) == FOUR
    if (!wasEqual && sign <= 0 && !isFolder && !note(GONE, old, oldName, oldId)) return false
    if (!wasEqual && sign >= 0 && !note(isFolder ? CHANGED : COME, fresh, name, id)) return false
    if (sign <= 0) old = oldNext
    if (sign >= 0) fresh = next
  }
  return true
}

/**
 * How many bytes two regions have in common where they begin, which are at least `least` and at
 * most `most`.
 */
function sameAtStart(a: usize, b: usize, least: usize, most: usize): usize {
  let same = least
  for (; same + 16 <= most; same += 16) {
    const mask = i8x16.bitmask(i8x16.ne(v128.load(a + same), v128.load(b + same)))
    if (mask != 0) return same + ctz(mask)
  }
  while (same < most && load<u8>(a + same) == load<u8>(b + same)) same += 1
  return same
}

/**
 * Where an entry begins from which one that ends before or at a place leads to there; the first
 * where there is none, and 0 where something else stands. Looked for not far before the place: by
 * modes of two entries that follow each other, of which the second one is taken, since a name may
 * look like a mode.
 */
function entryBefore(from: usize, place: usize, to: usize): usize {
  let at = from
  if (place - from > NEAR) {
    for (let near = place - NEAR; near < place; near += 1) {
      if (!isMode(near)) continue
      const next = read(near, to)
      if (next == 0 || next >= place || !isMode(next)) continue
      at = next
      break
    }
  }
  let last = at
  for (let next = at; next < to && next <= place; ) {
    last = at
    at = next
    next = read(at, to)
    if (next == 0) return 0
  }
  return last
}

// @ts-ignore: decorator
@inline
function isMode(at: usize): bool {
  const head = load<u64>(at)
  const file = head & FILE_MASK
  return file == PLAIN_FILE || file == PROGRAM || (head & FOLDER_MASK) == FOLDER
}

function equal(a: usize, aEnd: usize, b: usize, bEnd: usize): bool {
  return aEnd - a == bEnd - b && sameAtStart(a, b, 0, aEnd - a) == aEnd - a
}

/**
 * Git's order of entries: by name, a folder's with a slash behind it. Negative where the first
 * comes first.
 */
function order(a: usize, aName: usize, b: usize, bName: usize): i32 {
  for (let at: usize = 0; ; at += 1) {
    let first = <u32>load<u8>(aName + at)
    let second = <u32>load<u8>(bName + at)
    if (first != 0 && first == second) continue
    const ended = first == 0 && second == 0
    if (first == 0 && load<u8>(a) == FOUR) first = SLASH
    if (second == 0 && load<u8>(b) == FOUR) second = SLASH
    return ended && first == second ? 0 : first < second ? -1 : 1
  }
}
