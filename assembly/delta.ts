// The instructions of a git delta (gitformat-pack, "Deltified representation"). Twin:
// src/pack/delta.ts.
import { copy } from './copy'
import { DAMAGED, TOO_LONG } from './errors'

/** 2 GiB, and more, is promised by no delta that is applied here. */
const TOO_MUCH: u64 = 0x80000000
/** Mirrored by `GAP` in src/pack/kernel.ts. */
const GAP: u32 = 0xffffffff
const GAP_SIZE: u32 = 4

/**
 * Sizes that the header of the delta promises, and where its instructions begin: the last that
 * `readHeader` found.
 */
let baseSize: u32 = 0
let resultSize: u32 = 0
let instructions: usize = 0

/**
 * `b4 02 0a`: a size of the base, 0x34 + 2 * 128, and one of the result; seven bits a byte, and bit
 * 7 where more follow.
 */
function readHeader(from: usize, to: usize): bool {
  instructions = from
  baseSize = readSize(to)
  if (instructions == 0) return false
  resultSize = readSize(to)
  return instructions != 0
}

function readSize(to: usize): u32 {
  let value: u64 = 0
  let shift: u64 = 0
  for (let at = instructions; at < to && shift < 35; shift += 7) {
    const byte = load<u8>(at)
    at += 1
    value |= <u64>(byte & 0x7f) << shift
    if (byte >= 0x80) continue
    instructions = value < TOO_MUCH ? at : 0
    return <u32>value
  }
  instructions = 0
  return 0
}

/**
 * For each instruction to copy, without its bit 7: which of the bytes behind it go where among four
 * of an offset and three of a size.
 */
const LAYOUTS = memory.data(128 * 16, 16)
/** Stands in a layout for a byte that is 0. */
const NOTHING: u8 = 255

prepareLayouts()

function prepareLayouts(): void {
  for (let op: u32 = 0; op < 128; op += 1) {
    let taken: u8 = 0
    for (let bit: u32 = 0; bit < 16; bit += 1) {
      const given = ((op >> bit) & 1) != 0
      store<u8>(LAYOUTS + 16 * op + bit, given ? taken : NOTHING)
      if (given) taken += 1
    }
  }
}

/**
 * What to copy: `93 10 27 40` has bit 7 for a copy, bits 0 and 1 for two bytes of its offset,
 * 0x2710, bit 4 for one of its size, 0x40. Bits 0 to 3 are for offsets, 4 to 6 for sizes, and no
 * size means 0x10000. Gives the offset, and above it the size. Which bytes there are is hard to
 * guess, so nothing branches on it. Reads eight bytes.
 */
// @ts-ignore: decorator
@inline
function readCopy(at: usize, op: u32): u64 {
  const value = <u64>i64x2.extract_lane(i8x16.swizzle(v128.load64_zero(at), v128.load(LAYOUTS + (<usize>(op & 0x7f) << 4))), 0)
  return value >> 32 == 0 ? value | (<u64>0x10000 << 32) : value
}

/** How many bytes follow the first of an instruction to copy. */
// @ts-ignore: decorator
@inline
function sizeOfCopy(op: u32): usize {
  return popcnt(op & 0x7f)
}

/**
 * With so many bytes of its base the result of the last delta begins that `resultSizeOf` was asked
 * of, or with more.
 */
let keptSize: u32 = 0

export function kept(): u32 {
  return keptSize
}

/**
 * The result of the last delta that was applied ends with so many bytes of its base's end, or with
 * more.
 */
let keptAtEndSize: u32 = 0

export function keptAtEnd(): u32 {
  return keptAtEndSize
}

/** The size of the result that the header of a delta promises, or an error. */
export function resultSizeOf(delta: usize, deltaEnd: usize): i32 {
  if (!readHeader(delta, deltaEnd)) return DAMAGED
  const op = instructions < deltaEnd ? <u32>load<u8>(instructions) : 0
  const first = op >= 0x80 ? readCopy(instructions + 1, op) : 0
  keptSize = <u32>first == 0 ? <u32>(first >> 32) : 0
  return <i32>resultSize
}

/**
 * Applies a delta. Gives the size of the result, or an error. Up to 15 bytes behind each region are
 * read or written.
 */
export function applyDelta(delta: usize, deltaEnd: usize, base: usize, baseEnd: usize, into: usize, end: usize): i32 {
  if (!readHeader(delta, deltaEnd) || baseSize != <u32>(baseEnd - base)) return DAMAGED
  if (resultSize > <u32>(end - into)) return TOO_LONG
  const last = into + resultSize
  keptAtEndSize = 0
  for (let at = instructions; at < deltaEnd; ) {
    const op = <u32>load<u8>(at)
    at += 1
    if (op >= 0x80) {
      if (sizeOfCopy(op) > deltaEnd - at) return DAMAGED
      const both = readCopy(at, op)
      const offset = <u32>both
      const size = <u32>(both >> 32)
      at += sizeOfCopy(op)
      if (size > baseSize || offset > baseSize - size || size > <u32>(last - into)) return DAMAGED
      copy(into, base + offset, size)
      into += size
      keptAtEndSize = offset + size == baseSize ? size : 0
    } else {
      if (op == 0 || op > <u32>(deltaEnd - at) || op > <u32>(last - into)) return DAMAGED
      copy(into, at, op)
      at += op
      into += op
      keptAtEndSize = 0
    }
  }
  return into == last ? <i32>resultSize : DAMAGED
}

/**
 * What of a copy may be next to something new, `first` bytes and `reach` bytes with a gap between
 * them. Gives where the stream goes on, or 0 if it is full.
 */
function writeCopy(from: usize, size: u32, first: u32, reach: u32, into: usize, end: usize): usize {
  if (size <= <u64>first + reach + GAP_SIZE) {
    if (size > <u32>(end - into)) return 0
    copy(into, from, size)
    return into + size
  }
  if (<u64>first + reach + GAP_SIZE > end - into) return 0
  copy(into, from, first)
  into += first
  store<u32>(into, GAP)
  copy(into + GAP_SIZE, from + size - reach, reach)
  return into + GAP_SIZE + reach
}

/** How many bytes at the beginning of a copy are written that begins at `place` in the result. */
// @ts-ignore: decorator
@inline
function firstOf(place: u32, reach: u32, head: u32): u32 {
  return place < head ? max(reach, head - place) : reach
}

/**
 * What may hold something new in the result of a delta, and its first `head` bytes. Gives the
 * length of the stream, or an error.
 */
export function dirtyStream(delta: usize, deltaEnd: usize, base: usize, baseEnd: usize, into: usize, end: usize, reach: u32, head: u32): i32 {
  if (!readHeader(delta, deltaEnd) || baseSize != <u32>(baseEnd - base)) return DAMAGED
  const start = into
  let left = resultSize
  // A copy that the next one may go on with, and where it begins in the result.
  let from: u32 = 0
  let length: u32 = 0
  let place: u32 = 0
  for (let at = instructions; at < deltaEnd; ) {
    const op = <u32>load<u8>(at)
    at += 1
    if (op >= 0x80) {
      if (sizeOfCopy(op) > deltaEnd - at) return DAMAGED
      const both = readCopy(at, op)
      const offset = <u32>both
      const size = <u32>(both >> 32)
      at += sizeOfCopy(op)
      if (size > baseSize || offset > baseSize - size || size > left) return DAMAGED
      if (offset != from + length) {
        into = writeCopy(base + from, length, firstOf(place, reach, head), reach, into, end)
        if (into == 0) return TOO_LONG
        from = offset
        length = 0
        place = resultSize - left
      }
      left -= size
      length += size
    } else {
      if (op == 0 || op > <u32>(deltaEnd - at) || op > left) return DAMAGED
      left -= op
      into = writeCopy(base + from, length, firstOf(place, reach, head), reach, into, end)
      if (into == 0 || op > <u32>(end - into)) return TOO_LONG
      length = 0
      place = resultSize - left
      copy(into, at, op)
      at += op
      into += op
    }
  }
  if (left != 0) return DAMAGED
  into = writeCopy(base + from, length, firstOf(place, reach, head), reach, into, end)
  return into == 0 ? TOO_LONG : <i32>(into - start)
}
