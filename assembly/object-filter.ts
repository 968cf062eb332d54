// The decision whether an object may hold a secret. For most objects a search for keywords shows
// that it does not; the others are inspected in JavaScript. Twin: `FilterSession` in
// src/git/packfile/walk/filter-session.ts.
import { dirtyStream } from './delta'
import { BLOB } from './entry-records'
import { setPackedCount } from './pack-ids'
import { discardCandidates, findCandidates, keepCandidates, resumeAt } from './prefilter'
import { mayNeedWholeBlob } from './special-blobs'

/** Applies the rules to bytes, in JavaScript, and returns a filter result. */
// @ts-ignore: decorator
@external('walk', 'inspect')
declare function inspect(from: usize, to: usize, type: u32): i32
/** True when a blob that begins so is needed as a whole; decides what `mayNeedWholeBlob` leaves. */
// @ts-ignore: decorator
@external('walk', 'needsWholeBlob')
declare function needsWholeBlob(from: usize, to: usize): bool

/** Values of `FilterResult` in src/git/objects/object-filter.ts. */
export const NO_KEYWORD: i32 = 0
export const INSPECT_WHOLE: i32 = 1 << 28
export const FOUND: i32 = 1 << 29

let isFilterSet: bool = false
export let idBytes: usize = 0
let longestKeyword: u32 = 0
let blobHeadBytes: u32 = 0

/**
 * Sets how objects are filtered; without `hasFilter` every object counts as found. IDs with numbers
 * below `packedIds` are those of objects in packs. `headBytes`: the first bytes of a blob that tell
 * whether it is needed as a whole.
 */
export function setFilter(
  hasFilter: bool,
  bytesOfId: usize,
  packedIds: u32,
  longestKeywordBytes: u32,
  headBytes: u32,
): void {
  isFilterSet = hasFilter
  idBytes = bytesOfId
  setPackedCount(packedIds)
  longestKeyword = longestKeywordBytes
  blobHeadBytes = headBytes
}

/** The current delta, its base, the room for its result, and their equal first bytes. */
export let delta: usize = 0
export let deltaEnd: usize = 0
export let base: usize = 0
export let baseEnd: usize = 0
export let into: usize = 0
export let intoEnd: usize = 0
let equalHeadBytes: u32 = 0

/** Sets the delta that `filterChange` is to look at. */
export function setChange(
  deltaFrom: usize,
  deltaTo: usize,
  baseFrom: usize,
  baseTo: usize,
  resultFrom: usize,
  resultTo: usize,
  equalBytes: u32,
): void {
  delta = deltaFrom
  deltaEnd = deltaTo
  base = baseFrom
  baseEnd = baseTo
  into = resultFrom
  intoEnd = resultTo
  equalHeadBytes = equalBytes
}

// @ts-ignore: decorator
@inline
export function isFiltering(): bool {
  return isFilterSet
}

/** Returns the filter result of a complete object. */
export function filterWhole(from: usize, to: usize, type: u32): i32 {
  if (!isFilterSet) return FOUND
  return type == BLOB ? filterBlob(from, to, true) : filterText(from, to, type)
}

/**
 * Returns the filter result of the current delta's result, whose base has a result below
 * INSPECT_WHOLE; -1 when the delta is damaged. Only bytes that may be new are looked at, as far
 * around each change as the keywords of the base reach, and farther when a keyword among them does.
 */
export function filterChange(baseResult: i32, type: u32): i32 {
  const headBytes: u32 = type == BLOB && equalHeadBytes < blobHeadBytes ? blobHeadBytes : 0
  let radius = max(<u32>baseResult, longestKeyword)
  let result = NO_KEYWORD
  for (;;) {
    const length = dirtyStream(delta, deltaEnd, base, baseEnd, into, intoEnd, radius, headBytes)
    if (length < 0) return -1
    const end = into + length
    result = type == BLOB ? filterBlob(into, end, headBytes != 0) : filterText(into, end, type)
    if (<u32>result <= radius || result >= INSPECT_WHOLE) break
    radius = <u32>result
  }
  return max(result, baseResult)
}

function filterBlob(from: usize, to: usize, withHead: bool): i32 {
  if (withHead && mayNeedWholeBlob(from, to) && needsWholeBlob(from, to)) return FOUND
  const count = findCandidates(from, to)
  // A NUL makes JavaScript read the blob as UTF-16 too, where keywords have other bytes.
  return hasNul(from, to)
    ? inspectCandidates(from, to, BLOB, count)
    : inspectUnlessClean(from, to, BLOB, count)
}

function filterText(from: usize, to: usize, type: u32): i32 {
  return inspectUnlessClean(from, to, type, findCandidates(from, to))
}

/** Returns NO_KEYWORD when the search covered all bytes and found no candidate. */
function inspectUnlessClean(from: usize, to: usize, type: u32, count: i32): i32 {
  if (count == 0 && resumeAt() >= to) return NO_KEYWORD
  return inspectCandidates(from, to, type, count)
}

/** Calls `inspect`, which begins with the search for candidates that was just made. */
function inspectCandidates(from: usize, to: usize, type: u32, count: i32): i32 {
  keepCandidates(from, to, count)
  const result = inspect(from, to, type)
  discardCandidates()
  return result
}

function hasNul(from: usize, to: usize): bool {
  for (; from + 16 <= to; from += 16) if (!i8x16.all_true(v128.load(from))) return true
  for (; from < to; from += 1) if (load<u8>(from) == 0) return true
  return false
}
