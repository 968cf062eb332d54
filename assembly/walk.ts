// Families of entries, from their roots down. Twin: `Walk` in src/pack/walk.ts.
import { applyDelta, kept, resultSizeOf } from './delta'
import { inflate } from './inflate'
import { BLOB, childOf, isWhole, markOf, siblingOf, sizeOf, typeOf } from './records'
import { refer } from './references'
import { base, baseEnd, CLOSE, delta, deltaEnd, FOUND, into, intoEnd, isSifting, lookAtAll, lookAtChange, setChange } from './sight'
import { PADDING, room, sourceEnd, sourceOf } from './source'

/** An entry, and all that is based on it, is left to somebody else. */
// @ts-ignore: decorator
@external('walk', 'leave')
declare function leave(entry: i32): void

/** Versions may wander so far up in memory before one is moved down. */
const DRIFT: usize = 1 << 20

/**
 * Objects that are in memory while what is based on them is visited, five numbers each: where one
 * is, from where on memory is free when it is done, what was said of it, and the next entry to
 * visit. Each is at least twice as heavy as the next, since of those with one base the heaviest is
 * last, and for that one none is kept.
 */
const FRAMES = memory.data(64 * 20, 16)
const MAX_FRAMES: u32 = 64
const FRAME_SIZE: usize = 20
let depth: u32 = 0

let largest: u32 = 0
let mostBlobBytes: f64 = 0

/** By type how many objects were passed by, and the bytes of all. */
const PASSED = memory.data(4 * 8, 16)
let passedSize: f64 = 0

/** What was visited last: its content, if there is some, its size, and what is to be said of it. */
let content: usize = 0
let contentEnd: usize = 0
let size: u32 = 0
let interest: i32 = 0

/** Says up to which size objects are read here, and up to which blobs are given. */
export function setLimits(largestObject: u32, largestBlob: f64): void {
  largest = largestObject
  mostBlobBytes = largestBlob
  memory.fill(PASSED, 0, 4 * 8)
  passedSize = 0
}

/** Begins with a root: as what is based on nothing, where memory is free. */
export function begin(root: i32, floor: usize): void {
  depth = 0
  if (markOf(root) != 0) push(floor - PADDING, floor - PADDING, floor, 0, root)
}

/**
 * Goes on to what may have to be given: nearly nothing is. Gives the entry, or -1 behind the last.
 */
export function next(): i32 {
  while (depth > 0) {
    const frame = FRAMES + (depth - 1) * FRAME_SIZE
    const entry = load<i32>(frame, 16)
    const sibling = siblingOf(entry)
    const from = load<u32>(frame)
    const to = load<u32>(frame, 4)
    const said = load<i32>(frame, 12)
    let place = <usize>load<u32>(frame, 8)
    if (sibling < 0) depth -= 1
    else {
      store<i32>(frame, sibling, 16)
      place = to + PADDING
    }
    content = contentEnd = 0
    if (!(isWhole(entry) ? readWhole(entry, place) : readChange(entry, from, to, said))) {
      leave(entry)
      continue
    }
    if (isSifting() && typeOf(entry) != BLOB) refer(entry, typeOf(entry), isWhole(entry), content, contentEnd, interest)
    const isLarge = <f64>size > mostBlobBytes
    if (markOf(entry) == 1 && interest != FOUND && !(isLarge && typeOf(entry) == BLOB)) pass(typeOf(entry))
    if (content != 0) keep(entry, place)
    if (interest != FOUND) content = contentEnd = 0
    if (content != 0 || isLarge) return entry
  }
  return -1
}

export function seen(): usize {
  return content
}

export function seenEnd(): usize {
  return contentEnd
}

export function seenSize(): u32 {
  return size
}

function pass(type: u32): void {
  const at = PASSED + 4 * type
  store<u32>(at, load<u32>(at) + 1)
  passedSize += size
}

/** How many objects of a type were passed by since this was asked last. */
export function takePassed(type: u32): u32 {
  const at = PASSED + 4 * type
  const count = load<u32>(at)
  store<u32>(at, 0)
  return count
}

/** Bytes of all of them. */
export function takePassedSize(): f64 {
  const bytes = passedSize
  passedSize = 0
  return bytes
}

/** Keeps what others are based on, where it is or further down. */
function keep(entry: i32, place: usize): void {
  const child = childOf(entry)
  if (child < 0) return
  const from = content - place < DRIFT ? content : place
  if (from != content) memory.copy(from, content, contentEnd - content)
  contentEnd = from + contentEnd - content
  content = from
  push(content, contentEnd, place, interest, child)
}

function push(from: usize, to: usize, floor: usize, said: i32, child: i32): void {
  if (depth == MAX_FRAMES) {
    for (let left = child; left >= 0; left = siblingOf(left)) leave(left)
    return
  }
  const frame = FRAMES + depth * FRAME_SIZE
  store<u32>(frame, <u32>from)
  store<u32>(frame, <u32>to, 4)
  store<u32>(frame, <u32>floor, 8)
  store<i32>(frame, said, 12)
  store<i32>(frame, child, 16)
  depth += 1
}

/** False where it cannot be read here. */
function readWhole(entry: i32, place: usize): bool {
  if (!inflateTo(place, entry)) return false
  size = sizeOf(entry)
  content = place
  contentEnd = place + size
  interest = lookAtAll(content, contentEnd, typeOf(entry))
  return true
}

/** The same of what changes another one; its content is put together only where it has to be. */
function readChange(entry: i32, from: usize, to: usize, said: i32): bool {
  const start = to + PADDING
  if (!inflateTo(start, entry)) return false
  const end = start + sizeOf(entry)
  const result = resultSizeOf(start, end)
  if (result < 0 || <u32>result > largest) return false
  size = <u32>result
  if (!room(end + PADDING + size)) return false
  setChange(start, end, from, to, end + PADDING, end + PADDING + size, kept())
  const type = typeOf(entry)
  if (isSifting() && said < CLOSE) {
    interest = lookAtChange(said, type)
    if (interest < 0) return false
    if (interest < CLOSE) return (childOf(entry) < 0 && type == BLOB) || put()
  }
  if (!put()) return false
  interest = lookAtAll(content, contentEnd, type)
  return true
}

function put(): bool {
  if (applyDelta(delta, deltaEnd, base, baseEnd, into, intoEnd) < 0) return false
  content = into
  contentEnd = intoEnd
  return true
}

function inflateTo(place: usize, entry: i32): bool {
  const length = sizeOf(entry)
  if (length > largest || !room(place + length + PADDING)) return false
  const source = sourceOf(entry, place + length + PADDING)
  return source != 0 && inflate(source, sourceEnd(), place, place + length) == <i32>length
}
