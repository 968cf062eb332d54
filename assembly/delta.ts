// Git deltas (gitformat-pack, "Deltified representation"): their sizes, their result, and the
// bytes of the result that may be new. Twin: src/git/packfile/delta.ts.
import { copy } from './copy'
import { DAMAGED, TOO_LONG } from './errors'

/** Deltas that declare a size of 2 GiB or more are not applied here. */
const SIZE_LIMIT: u64 = 0x80000000
/** Marks omitted bytes in a dirty stream. Mirrored by `GAP` in src/git/packfile/walk/kernel.ts. */
const GAP: u32 = 0xffffffff
const GAP_BYTES: u32 = 4

/** Results of `readHeader`: the sizes that the delta declares, and where its instructions begin. */
let baseSize: u32 = 0
let resultSize: u32 = 0
let instructions: usize = 0

/**
 * Reads the two sizes at the beginning of a delta, of the base and of the result. False when they
 * are malformed. Each byte holds seven bits, lowest first, and bit 7 when another byte follows:
 * `b4 02` is 0x34 + 2 * 128.
 */
function readHeader(from: usize, to: usize): bool {
  instructions = from
  baseSize = readSize(to)
  if (instructions == 0) return false
  resultSize = readSize(to)
  return instructions != 0
}

/** Reads a size and moves `instructions` behind it; to 0 when it is malformed. */
function readSize(to: usize): u32 {
  let value: u64 = 0
  let shift: u64 = 0
  for (let at = instructions; at < to && shift < 35; shift += 7) {
    const byte = load<u8>(at)
    at += 1
    value |= <u64>(byte & 0x7f) << shift
    if (byte >= 0x80) continue
    instructions = value < SIZE_LIMIT ? at : 0
    return <u32>value
  }
  instructions = 0
  return 0
}

/**
 * For each opcode of a copy instruction, without bit 7, the swizzle that moves the bytes behind it
 * to the four bytes of an offset and the three of a size.
 */
const LAYOUTS = memory.data(128 * 16, 16)
/** Swizzle index that yields 0, for a byte the instruction omits. */
const ZERO_BYTE: u8 = 255

prepareLayouts()

function prepareLayouts(): void {
  for (let opcode: u32 = 0; opcode < 128; opcode += 1) {
    let present: u8 = 0
    for (let bit: u32 = 0; bit < 16; bit += 1) {
      const isPresent = ((opcode >> bit) & 1) != 0
      store<u8>(LAYOUTS + 16 * opcode + bit, isPresent ? present : ZERO_BYTE)
      if (isPresent) present += 1
    }
  }
}

/**
 * Returns the offset of a copy instruction in the lower 32 bits, its size in the upper. In
 * `93 10 27 40` bit 7 of the opcode says copy, bits 0 and 1 say that two bytes of the offset follow
 * (0x2710), bit 4 that one byte of the size follows (0x40). Bits 0 to 3 are for the offset, 4 to 6
 * for the size; size 0 means 0x10000. Which bytes are present is hard to predict, so nothing
 * branches on it. Reads eight bytes.
 */
// @ts-ignore: decorator
@inline
function readCopy(at: usize, opcode: u32): u64 {
  const layout = v128.load(LAYOUTS + (<usize>(opcode & 0x7f) << 4))
  const value = <u64>i64x2.extract_lane(i8x16.swizzle(v128.load64_zero(at), layout), 0)
  return value >> 32 == 0 ? value | (<u64>0x10000 << 32) : value
}

/** Returns the number of bytes behind the opcode of a copy instruction. */
// @ts-ignore: decorator
@inline
function operandBytes(opcode: u32): usize {
  return popcnt(opcode & 0x7f)
}

let keptPrefixBytes: u32 = 0

/**
 * Returns how many first bytes of the base and of the result are equal, at least, for the delta
 * that `resultSizeOf` was last called with.
 */
export function keptPrefix(): u32 {
  return keptPrefixBytes
}

let keptSuffixBytes: u32 = 0

/**
 * Returns how many last bytes of the base and of the result are equal, at least, for the delta that
 * was applied last.
 */
export function keptSuffix(): u32 {
  return keptSuffixBytes
}

/** Returns the size of the result that the header of a delta declares, or an error. */
export function resultSizeOf(delta: usize, deltaEnd: usize): i32 {
  if (!readHeader(delta, deltaEnd)) return DAMAGED
  const opcode = instructions < deltaEnd ? <u32>load<u8>(instructions) : 0
  const first = opcode >= 0x80 ? readCopy(instructions + 1, opcode) : 0
  keptPrefixBytes = <u32>first == 0 ? <u32>(first >> 32) : 0
  return <i32>resultSize
}

/**
 * Applies a delta and returns the size of the result, or an error. Up to 15 bytes behind each
 * region are read or overwritten.
 */
export function applyDelta(
  delta: usize,
  deltaEnd: usize,
  base: usize,
  baseEnd: usize,
  into: usize,
  end: usize,
): i32 {
  if (!readHeader(delta, deltaEnd) || baseSize != <u32>(baseEnd - base)) return DAMAGED
  if (resultSize > <u32>(end - into)) return TOO_LONG
  const resultEnd = into + resultSize
  keptSuffixBytes = 0
  for (let at = instructions; at < deltaEnd; ) {
    const opcode = <u32>load<u8>(at)
    at += 1
    if (opcode >= 0x80) {
      if (operandBytes(opcode) > deltaEnd - at) return DAMAGED
      const operands = readCopy(at, opcode)
      const offset = <u32>operands
      const size = <u32>(operands >> 32)
      at += operandBytes(opcode)
      if (size > baseSize || offset > baseSize - size || size > <u32>(resultEnd - into))
        return DAMAGED
      copy(into, base + offset, size)
      into += size
      keptSuffixBytes = offset + size == baseSize ? size : 0
    } else {
      if (opcode == 0 || opcode > <u32>(deltaEnd - at) || opcode > <u32>(resultEnd - into))
        return DAMAGED
      copy(into, at, opcode)
      at += opcode
      into += opcode
      keptSuffixBytes = 0
    }
  }
  return into == resultEnd ? <i32>resultSize : DAMAGED
}

/**
 * Writes what a dirty stream has of a copied run that begins at `place` in the result: its first
 * and last `radius` bytes and all that belongs to the first `headBytes` of the result, with a gap
 * in between; the whole run when that is no longer. Returns where the stream continues, or 0 when
 * it is full.
 */
function writeRun(
  from: usize,
  size: u32,
  place: u32,
  radius: u32,
  headBytes: u32,
  into: usize,
  end: usize,
): usize {
  const first = place < headBytes ? max(radius, headBytes - place) : radius
  if (size <= <u64>first + radius + GAP_BYTES) {
    if (size > <u32>(end - into)) return 0
    copy(into, from, size)
    return into + size
  }
  if (<u64>first + radius + GAP_BYTES > end - into) return 0
  copy(into, from, first)
  into += first
  store<u32>(into, GAP)
  copy(into + GAP_BYTES, from + size - radius, radius)
  return into + GAP_BYTES + radius
}

/**
 * Writes the parts of a delta's result that may hold something new, without building the result:
 * all inserted bytes, `radius` bytes on each side of each boundary between runs, and the first
 * `headBytes` of the result. Returns the length of this dirty stream, or an error.
 */
export function dirtyStream(
  delta: usize,
  deltaEnd: usize,
  base: usize,
  baseEnd: usize,
  into: usize,
  end: usize,
  radius: u32,
  headBytes: u32,
): i32 {
  if (!readHeader(delta, deltaEnd) || baseSize != <u32>(baseEnd - base)) return DAMAGED
  const start = into
  let left = resultSize
  // The copied run that the next instruction may continue: where it begins in the base, its length,
  // and where it begins in the result.
  let from: u32 = 0
  let length: u32 = 0
  let place: u32 = 0
  for (let at = instructions; at < deltaEnd; ) {
    const opcode = <u32>load<u8>(at)
    at += 1
    if (opcode >= 0x80) {
      if (operandBytes(opcode) > deltaEnd - at) return DAMAGED
      const operands = readCopy(at, opcode)
      const offset = <u32>operands
      const size = <u32>(operands >> 32)
      at += operandBytes(opcode)
      if (size > baseSize || offset > baseSize - size || size > left) return DAMAGED
      if (offset != from + length) {
        into = writeRun(base + from, length, place, radius, headBytes, into, end)
        if (into == 0) return TOO_LONG
        from = offset
        length = 0
        place = resultSize - left
      }
      left -= size
      length += size
    } else {
      if (opcode == 0 || opcode > <u32>(deltaEnd - at) || opcode > left) return DAMAGED
      left -= opcode
      into = writeRun(base + from, length, place, radius, headBytes, into, end)
      if (into == 0 || opcode > <u32>(end - into)) return TOO_LONG
      length = 0
      place = resultSize - left
      copy(into, at, opcode)
      at += opcode
      into += opcode
    }
  }
  if (left != 0) return DAMAGED
  into = writeRun(base + from, length, place, radius, headBytes, into, end)
  return into == 0 ? TOO_LONG : <i32>(into - start)
}
