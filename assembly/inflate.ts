// Decompression of zlib streams (RFC 1950 and 1951). Twin: src/git/packfile/walk/kernel-zlib.ts,
// over node:zlib.
import { adler32 } from './adler'
import { copy, prepareRepeats, repeat } from './copy'
import { DAMAGED, TOO_LONG, TRUNCATED } from './errors'
import {
  buildTable,
  DISTANCE_SYMBOLS,
  DISTANCES,
  DISTANCES_BITS,
  END,
  FIXED_DISTANCES,
  FIXED_DISTANCES_BITS,
  FIXED_LITERALS,
  FIXED_LITERALS_BITS,
  LENGTH_SYMBOLS,
  LITERAL_SYMBOLS,
  LITERALS,
  LITERALS_BITS,
  OTHER,
  prepareTables,
  SUBTABLE,
  zero,
} from './huffman'

/** Code lengths of a block: of 286 literals and lengths, then 30 distances, then padding. */
const LENGTHS = memory.data(336, 64)
/** The order in which a block lists the code lengths of the code for its other lengths. */
const ORDER = memory.data<u8>([
  16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
])
const GOOD: i32 = 0
/**
 * Bytes behind the end of the source that may be read while none of them is used. Whether one was
 * used is checked after each block.
 */
const READ_AHEAD: usize = 8

// The state of the stream. `bits` holds the next bits, lowest first: `count` of them (only the
// lowest six bits of `count` matter), and above those what the next refill will write there again.
// `next` is the byte behind them.
let bits: u64 = 0
let count: u64 = 0
let next: usize = 0
let sourceEnd: usize = 0
let out: usize = 0
let outStart: usize = 0
let outEnd: usize = 0
let consumedBytes: i32 = 0

prepareRepeats()
prepareTables(LENGTHS)

/** Returns how many bytes of its source the last `inflate` used when it reached the end. */
export function consumed(): i32 {
  return consumedBytes
}

/**
 * Decompresses a zlib stream in `[from, to)` to `[into, end)`. Returns the bytes written, or an
 * error. At most 32 bytes behind the source are read, and as many behind the destination may be
 * overwritten.
 */
export function inflate(from: usize, to: usize, into: usize, end: usize): i32 {
  consumedBytes = 0
  sourceEnd = to
  outStart = out = into
  outEnd = end
  bits = count = 0
  next = from + 2
  if (next > to) return TRUNCATED
  if (!isHeader((<u32>load<u8>(from) << 8) | load<u8>(from + 1))) return DAMAGED
  for (let isLast = false; !isLast; ) {
    refill()
    const blockHeader = <u32>bits & 7
    drop(3)
    isLast = (blockHeader & 1) != 0
    const result = readBlock(blockHeader >> 1)
    if (unread() > to) return TRUNCATED
    if (result != GOOD) return result
  }
  const trailer = unread()
  if (trailer + 4 > to) return TRUNCATED
  if (bswap(load<u32>(trailer)) != adler32(into, out)) return DAMAGED
  consumedBytes = <i32>(trailer + 4 - from)
  return <i32>(out - into)
}

/**
 * True for a zlib header such as `78 9c`: method 8 with a window of up to 2^15 in the first byte;
 * as one number divisible by 31; bit 5 of the second byte, which asks for a dictionary, clear.
 */
function isHeader(header: u32): bool {
  const isDeflate = ((header >> 8) & 15) == 8 && header < 0x8000
  return isDeflate && header % 31 == 0 && (header & 0x20) == 0
}

function readBlock(kind: u32): i32 {
  if (kind == 0) return readStored()
  if (kind == 1) return readFixed()
  return kind == 2 ? readDynamic() : DAMAGED
}

/**
 * Reads a block with the fixed codes. Their tables are copied to where those of other blocks are,
 * since lookups in one place are faster.
 */
function readFixed(): i32 {
  memory.copy(LITERALS, FIXED_LITERALS, 4 << FIXED_LITERALS_BITS)
  memory.copy(DISTANCES, FIXED_DISTANCES, 4 << FIXED_DISTANCES_BITS)
  return decode((1 << FIXED_LITERALS_BITS) - 1, (1 << FIXED_DISTANCES_BITS) - 1)
}

/** Loads at least 56 bits without a branch. A byte that does not fit as a whole is read again. */
// @ts-ignore: decorator
@inline
function refill(): void {
  bits |= load<u64>(next) << count
  next += <usize>(~count >> 3) & 7
  count |= 56
}

// @ts-ignore: decorator
@inline
function drop(used: u64): void {
  bits >>= used
  count -= used
}

/** Returns the first byte of which no bit was used. */
// @ts-ignore: decorator
@inline
function unread(): usize {
  return next - <usize>((count >> 3) & 7)
}

/** Reads an uncompressed block, `05 00 fa ff` and five bytes: length, its complement, the bytes. */
function readStored(): i32 {
  const start = unread() + 4
  if (start > sourceEnd) return TRUNCATED
  const length = <u32>load<u16>(start - 4)
  if ((length ^ 0xffff) != load<u16>(start - 2)) return DAMAGED
  if (length > <u32>(sourceEnd - start)) return TRUNCATED
  if (length > <u32>(outEnd - out)) return TOO_LONG
  copy(out, start, length)
  out += length
  next = start + length
  bits = count = 0
  return GOOD
}

/**
 * Reads a block that begins with its own codes: how many there are, the lengths of the code that
 * their lengths are written in, and these lengths.
 */
function readDynamic(): i32 {
  refill()
  const literals = (<u32>bits & 31) + 257
  const distances = ((<u32>bits >> 5) & 31) + 1
  const lengths = ((<u32>bits >> 10) & 15) + 4
  drop(14)
  if (literals > 286 || distances > 30) return DAMAGED
  zero(LENGTHS, 32)
  for (let at: u32 = 0; at < lengths; at += 1) {
    refill()
    store<u8>(LENGTHS + <usize>load<u8>(ORDER + at), <u8>(<u32>bits & 7))
    drop(3)
  }
  const lengthBits = buildTable(DISTANCES, 7, LENGTH_SYMBOLS, LENGTHS, 19)
  if (lengthBits == 0 || (load<u32>(DISTANCES + 4) & OTHER) != 0) return DAMAGED
  const result = readLengths(literals + distances, (1 << lengthBits) - 1)
  if (result != GOOD) return result
  if (load<u8>(LENGTHS + 256) == 0) return DAMAGED
  const literalBits = buildTable(LITERALS, LITERALS_BITS, LITERAL_SYMBOLS, LENGTHS, literals)
  const distanceLengths = LENGTHS + literals
  const distanceBits = buildTable(
    DISTANCES,
    DISTANCES_BITS,
    DISTANCE_SYMBOLS,
    distanceLengths,
    distances,
  )
  if (literalBits == 0 || distanceBits == 0) return DAMAGED
  return decode((1 << literalBits) - 1, (1 << distanceBits) - 1)
}

/**
 * Reads `total` code lengths. The symbols 0 to 15 are lengths; 16 repeats the last length 3 to 6
 * times, 17 and 18 stand for 3 to 10 and 11 to 138 zeros.
 */
function readLengths(total: u32, mask: u32): i32 {
  zero(LENGTHS, 336)
  let last: u32 = 0
  for (let at: u32 = 0; at < total; ) {
    if (next > sourceEnd + READ_AHEAD) return TRUNCATED
    refill()
    const entry = load<u32>(DISTANCES + (<usize>(<u32>bits & mask) << 2))
    drop(entry & 63)
    const symbol = entry >> 16
    if (symbol < 16) {
      last = symbol
      store<u8>(LENGTHS + at, <u8>last)
      at += 1
      continue
    }
    const extraBits: u32 = symbol == 16 ? 2 : symbol == 17 ? 3 : 7
    const times: u32 = <u32>(symbol == 18 ? 11 : 3) + (<u32>bits & ((1 << extraBits) - 1))
    drop(extraBits)
    if (times > total - at || (symbol == 16 && at == 0)) return DAMAGED
    // All lengths are zero already.
    if (symbol != 16) {
      last = 0
      at += times
    } else for (const end = at + times; at < end; at += 1) store<u8>(LENGTHS + at, <u8>last)
  }
  return GOOD
}

/**
 * Decodes the symbols of a block with the tables whose indexes have the bits of the masks. One
 * function, so that all state stays in registers. Each round has bits for three literals of the
 * main table, or for two and a length; and then for a distance. Each entry is looked up before the
 * one before it is processed, which hides the latency of the lookup. Literals are checked against
 * the end when they are written, in the padding at worst, and matches before.
 */
function decode(literalMask: u32, distanceMask: u32): i32 {
  const start = outStart
  const end = outEnd
  const last = sourceEnd + READ_AHEAD
  // `refill` and `drop` on local variables.
  let buffer = bits | (load<u64>(next) << count)
  let available = count | 56
  let from = next + (<usize>(~count >> 3) & 7)
  let to = out
  let result = DAMAGED
  let entry = literalAt(<u32>buffer & literalMask)
  for (;;) {
    if (to > end) {
      result = TOO_LONG
      break
    }
    if (from > last) break
    if (<i32>entry < 0) {
      store<u8>(to, <u8>(entry >> 16))
      to += 1
      buffer >>= entry
      available -= entry
      entry = literalAt(<u32>buffer & literalMask)
      if (<i32>entry < 0) {
        store<u8>(to, <u8>(entry >> 16))
        to += 1
        buffer >>= entry
        available -= entry
        entry = literalAt(<u32>buffer & literalMask)
        if (<i32>entry < 0) {
          store<u8>(to, <u8>(entry >> 16))
          to += 1
          buffer >>= entry
          available -= entry
          entry = literalAt(<u32>buffer & literalMask)
          buffer |= load<u64>(from) << available
          from += <usize>(~available >> 3) & 7
          available |= 56
          continue
        }
      }
    }
    if (entry & OTHER) {
      if (entry & SUBTABLE) {
        buffer >>= entry
        available -= entry
        entry = literalAt((entry >> 16) + (<u32>buffer & ((1 << (entry >> 8)) - 1)))
        if (<i32>entry < 0) {
          store<u8>(to, <u8>(entry >> 16))
          to += 1
          buffer >>= entry
          available -= entry
          buffer |= load<u64>(from) << available
          from += <usize>(~available >> 3) & 7
          available |= 56
          entry = literalAt(<u32>buffer & literalMask)
          continue
        }
      }
      if (entry & OTHER) {
        buffer >>= entry
        available -= entry
        if (entry & END) result = to > end ? TOO_LONG : GOOD
        break
      }
    }
    const length = (entry >> 16) + ((<u32>buffer & ((1 << entry) - 1)) >> (entry >> 8))
    buffer >>= entry
    available -= entry

    // At least 14 bits are left, and the main table takes 8. A distance takes at most 15 bits and 13
    // extra ones, which are left when no literals stood before the length.
    entry = distanceAt(<u32>buffer & distanceMask)
    if ((available & 63) < 28) {
      buffer |= load<u64>(from) << available
      from += <usize>(~available >> 3) & 7
      available |= 56
    }
    if (entry & OTHER) {
      buffer >>= entry
      available -= entry
      if (!(entry & SUBTABLE)) break
      entry = distanceAt((entry >> 16) + (<u32>buffer & ((1 << (entry >> 8)) - 1)))
      if (entry & OTHER) {
        buffer >>= entry
        available -= entry
        break
      }
    }
    const distance = (entry >> 16) + ((<u32>buffer & ((1 << entry) - 1)) >> (entry >> 8))
    buffer >>= entry
    available -= entry
    buffer |= load<u64>(from) << available
    from += <usize>(~available >> 3) & 7
    available |= 56
    entry = literalAt(<u32>buffer & literalMask)
    if (distance > <u32>(to - start)) break
    if (to + length > end) {
      result = TOO_LONG
      break
    }
    repeat(to, distance, length)
    to += length
  }
  bits = buffer
  count = available
  next = from
  out = to
  return result
}

// @ts-ignore: decorator
@inline
function literalAt(index: u32): u32 {
  return load<u32>(<usize>index << 2, LITERALS)
}

// @ts-ignore: decorator
@inline
function distanceAt(index: u32): u32 {
  return load<u32>(<usize>index << 2, DISTANCES)
}
