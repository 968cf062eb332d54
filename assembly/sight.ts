// What a sieve sees in objects, and in what changes them. Most of it is nothing, and found out
// here; the rest is asked. Twin: `Sifting` in src/pack/sifted.ts.
import { dirtyStream } from './delta'
import { mayBeOfKind } from './kinds'
import { setPacked } from './packed'
import { dropSearch, keepSearch, resume, search } from './prefilter'
import { BLOB } from './records'

/** What the sieve says of bytes. */
// @ts-ignore: decorator
@external('walk', 'look')
declare function look(from: usize, to: usize, type: u32): i32
/** Is a blob that begins so of a kind that shows only when it is given? Asked where it may be. */
// @ts-ignore: decorator
@external('walk', 'isOfKind')
declare function isOfKind(from: usize, to: usize): bool

/** As src/git/sieve.ts has it. */
export const BLANK: i32 = 0
export const CLOSE: i32 = 1 << 28
export const FOUND: i32 = 1 << 29

let sifts: bool = false
export let idBytes: usize = 0
let longestKeyword: u32 = 0
let headBytes: u32 = 0

/**
 * Says how to look: without `sifting` all that there is counts as found. Numbers of names below
 * `names` are those of objects in packs.
 */
export function setSight(sifting: bool, bytesOfIds: usize, names: u32, keyword: u32, head: u32): void {
  sifts = sifting
  idBytes = bytesOfIds
  setPacked(names)
  longestKeyword = keyword
  headBytes = head
}

/**
 * A delta, what it changes, where there is room for as much as it promises, and with how many bytes
 * of the base that begins.
 */
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
  return type == BLOB ? lookAtBlob(from, to, true) : lookAtText(from, to, type)
}

/**
 * What is to be said of the result of the change, of whose base less than `CLOSE` was said; -1
 * where the delta is damaged.
 */
export function lookAtChange(baseInterest: i32, type: u32): i32 {
  const head: u32 = type == BLOB && keptBytes < headBytes ? headBytes : 0
  let reach = max(<u32>baseInterest, longestKeyword)
  let seen = BLANK
  for (;;) {
    const length = dirtyStream(delta, deltaEnd, base, baseEnd, into, intoEnd, reach, head)
    if (length < 0) return -1
    seen = type == BLOB ? lookAtBlob(into, into + length, head != 0) : lookAtText(into, into + length, type)
    if (<u32>seen <= reach || seen >= CLOSE) break
    reach = <u32>seen
  }
  return max(seen, baseInterest)
}

function lookAtBlob(from: usize, to: usize, withHead: bool): i32 {
  if (withHead && mayBeOfKind(from, to) && isOfKind(from, to)) return FOUND
  const count = search(from, to)
  // One NUL makes all of a blob be read as UTF-16 too.
  return hasNul(from, to) ? lookCloser(from, to, BLOB, count) : lookAround(from, to, BLOB, count)
}

function lookAtText(from: usize, to: usize, type: u32): i32 {
  return lookAround(from, to, type, search(from, to))
}

/** Where nothing can be seen around what was found, nobody needs to be asked. */
function lookAround(from: usize, to: usize, type: u32, count: i32): i32 {
  return count == 0 && resume() >= to ? BLANK : lookCloser(from, to, type, count)
}

/** Who is asked begins with the search that was just done. */
function lookCloser(from: usize, to: usize, type: u32, count: i32): i32 {
  keepSearch(from, to, count)
  const said = look(from, to, type)
  dropSearch()
  return said
}

function hasNul(from: usize, to: usize): bool {
  for (; from + 16 <= to; from += 16) if (!i8x16.all_true(v128.load(from))) return true
  for (; from < to; from += 1) if (load<u8>(from) == 0) return true
  return false
}
