// What a sieve sees in objects, and in what changes them. Most of it is nothing, and found out here; the rest is asked.
// Twin: `Sifting` in src/pack/sifted.ts.
import { dirtyStream } from './delta'
import { headerIds, headerLinks } from './headers'
import { dropSearch, keepSearch, resume, search } from './prefilter'
import { BLOB, TREE } from './records'
import { entries, linkPlaces, markCount } from './tree'

/** What the sieve says of bytes. */
// @ts-ignore: decorator
@external('walk', 'look')
declare function look(from: usize, to: usize, type: u32): i32
/** Is a blob that begins so of a kind that shows only when it is given? */
// @ts-ignore: decorator
@external('walk', 'isOfKind')
declare function isOfKind(from: usize, to: usize): bool
/** Notes what a tree, a commit or a tag refers to, as `entries` or `headerLinks` gave it. Is what it saw of it too little to tell? A reach of 0 stands for all. */
// @ts-ignore: decorator
@external('walk', 'follow')
declare function follow(from: usize, to: usize, type: u32, reach: u32, interest: i32, links: i32): bool
/** The number of a name, given as words of four bytes, lowest first, of which a name of 20 bytes has five; -1 for what is not known here. */
// @ts-ignore: decorator
@external('walk', 'find')
declare function find(a: u32, b: u32, c: u32, d: u32, e: u32, f: u32, g: u32, h: u32): i32

/** As src/git/sieve.ts has it. */
export const BLANK: i32 = 0
export const CLOSE: i32 = 1 << 28
export const FOUND: i32 = 1 << 29

let sifts: bool = false
export let idBytes: usize = 0
let longestKeyword: u32 = 0
let headBytes: u32 = 0
let nearEntries: u32 = 0
let longestEntry: u32 = 0
let packed: u32 = 0

/** Says how to look: without `sifting` all that there is counts as found. Numbers of names below `names` are those of objects in packs. */
export function setSight(sifting: bool, bytesOfIds: usize, names: u32, keyword: u32, head: u32, near: u32, longest: u32): void {
  sifts = sifting
  idBytes = bytesOfIds
  packed = names
  longestKeyword = keyword
  headBytes = head
  nearEntries = near
  longestEntry = longest
}

/** A delta, what it changes, where there is room for as much as it promises, and with how many bytes of the base that begins. */
export let delta: usize = 0
export let deltaEnd: usize = 0
export let base: usize = 0
export let baseEnd: usize = 0
export let into: usize = 0
export let intoEnd: usize = 0
let keptBytes: u32 = 0

export function setChange(deltaFrom: usize, deltaTo: usize, baseFrom: usize, baseTo: usize, resultFrom: usize, resultTo: usize, kept: u32): void {
  delta = deltaFrom
  deltaEnd = deltaTo
  base = baseFrom
  baseEnd = baseTo
  into = resultFrom
  intoEnd = resultTo
  keptBytes = kept
}

// @ts-ignore: decorator
@inline
export function isSifting(): bool {
  return sifts
}

export function lookAtAll(from: usize, to: usize, type: u32): i32 {
  if (!sifts) return FOUND
  const said = type == BLOB ? lookAtBlob(from, to, true) : lookAtText(from, to, type)
  if (type != BLOB) isLacking(from, to, type, 0, said)
  return said
}

/** What is to be said of the result of the change, of whose base less than `CLOSE` was said; -1 where the delta is damaged. */
export function lookAtChange(baseInterest: i32, type: u32): i32 {
  const head: u32 = type == BLOB && keptBytes < headBytes ? headBytes : 0
  const beside = type == TREE ? max(longestKeyword, nearEntries) : longestKeyword
  let reach = max(<u32>baseInterest, beside)
  let length = 0
  let seen = BLANK
  for (;;) {
    length = stream(reach, head)
    if (length < 0) return -1
    seen = type == BLOB ? lookAtBlob(into, into + length, head != 0) : lookAtText(into, into + length, type)
    if (<u32>seen <= reach || seen >= CLOSE) break
    reach = <u32>seen
  }
  const interest = max(seen, baseInterest)
  return type == BLOB || followChange(type, length, reach, interest) ? interest : -1
}

/** What refers to other objects stands where it stood in the base. False where the delta is damaged. */
function followChange(type: u32, length: i32, reach: u32, interest: i32): bool {
  if ((type == TREE || reach >= longestEntry) && !isLacking(into, into + length, type, reach, interest)) return true
  const more = stream(longestEntry, 0)
  if (more >= 0) isLacking(into, into + more, type, longestEntry, interest)
  return more >= 0
}

/** Notes what a tree, a commit or a tag refers to. Is what of it is there too little to tell? */
function isLacking(from: usize, to: usize, type: u32, reach: u32, interest: i32): bool {
  const links = type == TREE ? entries(from, to, idBytes, reach) : headerLinks(from, to, idBytes)
  const isSettled = links >= 0 && (type == TREE ? markCount() == 0 && arePacked(from, links) : areHeadersPacked(links))
  return !isSettled && follow(from, to, type, reach, interest, links)
}

/** Are the objects in packs whose names `entries` noted? */
function arePacked(from: usize, links: i32): bool {
  const places = linkPlaces()
  for (let link = 0; link < links; link += 1) if (!isPacked(from + load<u32>(places + (<usize>link << 2)))) return false
  return true
}

/** And those that `headerLinks` noted? */
function areHeadersPacked(links: i32): bool {
  for (let link = 0; link < links; link += 1) if (!isPacked(headerIds() + 32 * <usize>link)) return false
  return true
}

function isPacked(id: usize): bool {
  return <u32>find(load<u32>(id), load<u32>(id, 4), load<u32>(id, 8), load<u32>(id, 12), load<u32>(id, 16), load<u32>(id, 20), load<u32>(id, 24), load<u32>(id, 28)) < packed
}

function stream(reach: u32, head: u32): i32 {
  return dirtyStream(delta, deltaEnd, base, baseEnd, into, intoEnd, reach, head)
}

function lookAtBlob(from: usize, to: usize, withHead: bool): i32 {
  if (withHead && isOfKind(from, to)) return FOUND
  const count = search(from, to)
  return count > 0 || resume() < to || hasNul(from, to) ? lookCloser(from, to, BLOB, count) : BLANK
}

function lookAtText(from: usize, to: usize, type: u32): i32 {
  const count = search(from, to)
  return count > 0 || resume() < to ? lookCloser(from, to, type, count) : BLANK
}

/** Who is asked begins with the search that was just done. */
function lookCloser(from: usize, to: usize, type: u32, count: i32): i32 {
  keepSearch(from, to, count)
  const said = look(from, to, type)
  dropSearch()
  return said
}

/** One NUL makes all of a blob be read as UTF-16 too. */
function hasNul(from: usize, to: usize): bool {
  for (; from + 16 <= to; from += 16) if (!i8x16.all_true(v128.load(from))) return true
  for (; from < to; from += 1) if (load<u8>(from) == 0) return true
  return false
}
