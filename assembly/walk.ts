// The walk over delta chains, from each root down. Twin: `PlainWalker` in
// src/git/packfile/walk/plain-walker.ts.
import { applyDelta, keptPrefix, resultSizeOf } from './delta'
import {
  BLOB,
  firstChildOf,
  isWhole,
  nextSiblingOf,
  selectionOf,
  sizeOf,
  typeOf,
} from './entry-records'
import { inflate } from './inflate'
import { checkLinks } from './links'
import {
  base,
  baseEnd,
  delta,
  deltaEnd,
  filterChange,
  filterWhole,
  FOUND,
  INSPECT_WHOLE,
  into,
  intoEnd,
  isFiltering,
  setChange,
} from './object-filter'
import { compressedEnd, compressedOf, ensureRoom, PADDING } from './pack-windows'

/** Leaves an entry and all deltas that build on it to another reader. */
// @ts-ignore: decorator
@external('walk', 'deferSubtree')
declare function deferSubtree(entry: i32): void

/** Bytes that contents may move up in memory, version by version, before one is moved down. */
const MAX_DRIFT: usize = 1 << 20

/**
 * The objects whose deltas are being visited, five numbers each: where the content begins and ends,
 * from where on memory is free when all deltas are done, the filter result, and the next entry to
 * visit. 64 frames suffice: each object has at least twice the weight of the next one, since the
 * heaviest of its deltas comes last and replaces its frame.
 */
const FRAMES = memory.data(64 * 20, 16)
const MAX_FRAMES: u32 = 64
const FRAME_BYTES: usize = 20
let depth: u32 = 0

let maxObjectBytes: u32 = 0
let maxBlobBytes: f64 = 0

/** The number of objects of each type that were skipped as clean, and the bytes of all. */
const SKIPPED = memory.data(4 * 8, 16)
let skippedBytes: f64 = 0

/** The entry visited last: its content, if available, its size, and its filter result. */
let content: usize = 0
let contentEnd: usize = 0
let size: u32 = 0
let result: i32 = 0

/** Sets up to which size objects are read here, and up to which size blobs are emitted. */
export function setSizeLimits(objectBytes: u32, blobBytes: f64): void {
  maxObjectBytes = objectBytes
  maxBlobBytes = blobBytes
  memory.fill(SKIPPED, 0, 4 * 8)
  skippedBytes = 0
}

/** Begins with a root. Memory is free from `floor` on. */
export function beginWalk(root: i32, floor: usize): void {
  depth = 0
  if (selectionOf(root) != 0) push(floor - PADDING, floor - PADDING, floor, 0, root)
}

/** Continues to the next entry that may have to be emitted, which few do. -1 behind the last. */
export function nextVisit(): i32 {
  while (depth > 0) {
    const frame = FRAMES + (depth - 1) * FRAME_BYTES
    const entry = load<i32>(frame, 16)
    const sibling = nextSiblingOf(entry)
    const from = load<u32>(frame)
    const to = load<u32>(frame, 4)
    const baseResult = load<i32>(frame, 12)
    let place = <usize>load<u32>(frame, 8)
    if (sibling < 0) depth -= 1
    else {
      store<i32>(frame, sibling, 16)
      place = to + PADDING
    }
    content = contentEnd = 0
    if (!(isWhole(entry) ? readWhole(entry, place) : readDelta(entry, from, to, baseResult))) {
      deferSubtree(entry)
      continue
    }
    const type = typeOf(entry)
    if (isFiltering() && type != BLOB)
      checkLinks(entry, type, isWhole(entry), content, contentEnd, result)
    const isLarge = <f64>size > maxBlobBytes
    if (selectionOf(entry) == 1 && result != FOUND && !(isLarge && type == BLOB)) countSkipped(type)
    if (content != 0) keepForDeltas(entry, place)
    if (result != FOUND) content = contentEnd = 0
    if (content != 0 || isLarge) return entry
  }
  return -1
}

/** Returns where the content of the visited entry begins; 0 when it is not to be emitted. */
export function visitedContent(): usize {
  return content
}

/** Returns where that content ends. */
export function visitedContentEnd(): usize {
  return contentEnd
}

/** Returns the size of the visited object. */
export function visitedSize(): u32 {
  return size
}

function countSkipped(type: u32): void {
  const at = SKIPPED + 4 * type
  store<u32>(at, load<u32>(at) + 1)
  skippedBytes += size
}

/** Returns how many objects of a type were skipped as clean since the last call. */
export function takeSkippedCount(type: u32): u32 {
  const at = SKIPPED + 4 * type
  const count = load<u32>(at)
  store<u32>(at, 0)
  return count
}

/** Returns the bytes of all objects that were skipped as clean since the last call. */
export function takeSkippedBytes(): f64 {
  const bytes = skippedBytes
  skippedBytes = 0
  return bytes
}

/** Keeps the content of an entry that has deltas, where it is or moved down. */
function keepForDeltas(entry: i32, place: usize): void {
  const child = firstChildOf(entry)
  if (child < 0) return
  const from = content - place < MAX_DRIFT ? content : place
  if (from != content) memory.copy(from, content, contentEnd - content)
  contentEnd = from + contentEnd - content
  content = from
  push(content, contentEnd, place, result, child)
}

function push(from: usize, to: usize, floor: usize, filterResult: i32, child: i32): void {
  if (depth == MAX_FRAMES) {
    for (let entry = child; entry >= 0; entry = nextSiblingOf(entry)) deferSubtree(entry)
    return
  }
  const frame = FRAMES + depth * FRAME_BYTES
  store<u32>(frame, <u32>from)
  store<u32>(frame, <u32>to, 4)
  store<u32>(frame, <u32>floor, 8)
  store<i32>(frame, filterResult, 12)
  store<i32>(frame, child, 16)
  depth += 1
}

/** Reads and filters an entry that is no delta. False when it cannot be read here. */
function readWhole(entry: i32, place: usize): bool {
  if (!inflateTo(place, entry)) return false
  size = sizeOf(entry)
  content = place
  contentEnd = place + size
  result = filterWhole(content, contentEnd, typeOf(entry))
  return true
}

/**
 * Reads and filters a delta of the object in `[from, to)`. Builds its content only when that is
 * needed. False when it cannot be read here.
 */
function readDelta(entry: i32, from: usize, to: usize, baseResult: i32): bool {
  const start = to + PADDING
  if (!inflateTo(start, entry)) return false
  const end = start + sizeOf(entry)
  const resultSize = resultSizeOf(start, end)
  if (resultSize < 0 || <u32>resultSize > maxObjectBytes) return false
  size = <u32>resultSize
  const room = end + PADDING
  if (!ensureRoom(room + size)) return false
  setChange(start, end, from, to, room, room + size, keptPrefix())
  const type = typeOf(entry)
  if (isFiltering() && baseResult < INSPECT_WHOLE) {
    result = filterChange(baseResult, type)
    if (result < 0) return false
    if (result < INSPECT_WHOLE) return (firstChildOf(entry) < 0 && type == BLOB) || buildContent()
  }
  if (!buildContent()) return false
  result = filterWhole(content, contentEnd, type)
  return true
}

/** Applies the current delta. */
function buildContent(): bool {
  if (applyDelta(delta, deltaEnd, base, baseEnd, into, intoEnd) < 0) return false
  content = into
  contentEnd = intoEnd
  return true
}

function inflateTo(place: usize, entry: i32): bool {
  const length = sizeOf(entry)
  if (length > maxObjectBytes || !ensureRoom(place + length + PADDING)) return false
  const source = compressedOf(entry, place + length + PADDING)
  return source != 0 && inflate(source, compressedEnd(), place, place + length) == <i32>length
}
