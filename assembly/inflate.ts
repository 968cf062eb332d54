// RFC 1950 and 1951. Twin: src/pack/kernel-zlib.ts, over node:zlib.
import { adler32 } from './adler'
import { copy, prepareRepeats, repeat } from './copy'
import { DAMAGED, TOO_LONG, TRUNCATED } from './errors'
import { buildTable, DISTANCES, DISTANCES_BITS, DISTANCE_SYMBOLS, END, FIXED_DISTANCES, FIXED_DISTANCES_BITS, FIXED_LITERALS, FIXED_LITERALS_BITS, LENGTH_SYMBOLS, LITERALS, LITERALS_BITS, LITERAL_SYMBOLS, OTHER, prepareTables, SUBTABLE, zero } from './huffman'

/**
 * Lengths of the codes of a block, for 286 literals and lengths, and 30 distances, with room behind
 * them.
 */
const LENGTHS = memory.data(336, 64)
/** In which order a block gives the lengths of the codes that its other lengths are written in. */
const ORDER = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15])
const GOOD: i32 = 0
/**
 * So many bytes behind the end of the source may have been read, while none of them was used.
 * Whether one was is asked after each block.
 */
const AHEAD: usize = 8

// The stream that is read. `bits` has the next ones, lowest first: `count` of them (only its lowest
// six bits count), and above those what the next refill will write there again. `next` is the byte
// after them.
let bits: u64 = 0
let count: u64 = 0
let next: usize = 0
let sourceEnd: usize = 0
let out: usize = 0
let outStart: usize = 0
let outEnd: usize = 0
let used: i32 = 0

prepareRepeats()
prepareTables(LENGTHS)

/** How many bytes of its source the last `inflate` used, if it came to its end. */
export function consumed(): i32 {
  return used
}

/**
 * A zlib stream, to memory. Gives the bytes written, or an error. Reads at most 32 bytes behind
 * `from` .. `to`, and may write as many behind `into` .. `end`.
 */
export function inflate(from: usize, to: usize, into: usize, end: usize): i32 {
  used = 0
  sourceEnd = to
  outStart = out = into
  outEnd = end
  bits = count = 0
  next = from + 2
  if (next > to) return TRUNCATED
  // 78 9c: method 8 with a window of up to 2^15 in the lower byte; as one number divisible by 31;
  // bit 5 of the upper one asks for a dictionary.
  const header = (<u32>load<u8>(from) << 8) | load<u8>(from + 1)
  if (((header >> 8) & 15) != 8 || header >= 0x8000 || header % 31 != 0 || (header & 0x20) != 0) return DAMAGED
  for (let last = false; !last; ) {
    refill()
    const kind = <u32>bits & 7
    drop(3)
    last = (kind & 1) != 0
    const result = block(kind >> 1)
    if (unread() > to) return TRUNCATED
    if (result != GOOD) return result
  }
  const trailer = unread()
  if (trailer + 4 > to) return TRUNCATED
  if (bswap(load<u32>(trailer)) != adler32(into, out)) return DAMAGED
  used = <i32>(trailer + 4 - from)
  return <i32>(out - into)
}

function block(kind: u32): i32 {
  if (kind == 0) return stored()
  if (kind == 1) return fixed()
  return kind == 2 ? dynamic() : DAMAGED
}

/**
 * A block with the codes that the format fixes. Their tables go where those of other blocks are: to
 * look into one place is quicker.
 */
function fixed(): i32 {
  memory.copy(LITERALS, FIXED_LITERALS, 4 << FIXED_LITERALS_BITS)
  memory.copy(DISTANCES, FIXED_DISTANCES, 4 << FIXED_DISTANCES_BITS)
  return decode((1 << FIXED_LITERALS_BITS) - 1, (1 << FIXED_DISTANCES_BITS) - 1)
}

/** At least 56 bits, without a branch: what does not fit whole is read again. */
// @ts-ignore: decorator
@inline
function refill(): void {
  bits |= load<u64>(next) << count
  next += <usize>(~count >> 3) & 7
  count |= 56
}

// @ts-ignore: decorator
@inline
function drop(some: u64): void {
  bits >>= some
  count -= some
}

/** The first byte of which nothing was used. */
// @ts-ignore: decorator
@inline
function unread(): usize {
  return next - <usize>((count >> 3) & 7)
}

/** `05 00 fa ff` and five bytes as they are: a length, the same with all bits turned, the bytes. */
function stored(): i32 {
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
 * A block that begins with its codes: how many, in what lengths their lengths are written, and
 * those lengths.
 */
function dynamic(): i32 {
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
  const distanceBits = buildTable(DISTANCES, DISTANCES_BITS, DISTANCE_SYMBOLS, LENGTHS + literals, distances)
  return literalBits == 0 || distanceBits == 0 ? DAMAGED : decode((1 << literalBits) - 1, (1 << distanceBits) - 1)
}

/**
 * Lengths of codes: 0 to 15, or 16: the last one 3 to 6 times, 17 and 18: 3 to 10, or 11 to 138
 * zeros.
 */
function readLengths(all: u32, mask: u32): i32 {
  zero(LENGTHS, 336)
  let last: u32 = 0
  for (let at: u32 = 0; at < all; ) {
    if (next > sourceEnd + AHEAD) return TRUNCATED
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
    const extra: u32 = symbol == 16 ? 2 : symbol == 17 ? 3 : 7
    const times: u32 = <u32>(symbol == 18 ? 11 : 3) + (<u32>bits & ((1 << extra) - 1))
    drop(extra)
    if (times > all - at || (symbol == 16 && at == 0)) return DAMAGED
    // All are zero to begin with.
    if (symbol != 16) {
      last = 0
      at += times
    } else for (const end = at + times; at < end; at += 1) store<u8>(LENGTHS + at, <u8>last)
  }
  return GOOD
}

/**
 * The symbols of a block, up to its end, by the tables with the lowest bits that the masks leave.
 * In each round there are bits for three literals of the main table, or for two and a length; and
 * then for a distance. Each entry is looked up before the one before it has been worked off, which
 * hides how long that takes. Literals are checked when they are written, in the padding at worst,
 * and matches before.
 */
function decode(literalMask: u32, distanceMask: u32): i32 {
  const start = outStart
  const end = outEnd
  const last = sourceEnd + AHEAD
  // What `refill` and `drop` do, with locals, which stay in registers.
  let window = bits | (load<u64>(next) << count)
  let held = count | 56
  let from = next + (<usize>(~count >> 3) & 7)
  let to = out
  let result = DAMAGED
  let entry = literalAt(<u32>window & literalMask)
  for (;;) {
    if (to > end) {
      result = TOO_LONG
      break
    }
    if (from > last) break
    if (<i32>entry < 0) {
      store<u8>(to, <u8>(entry >> 16))
      to += 1
      window >>= entry
      held -= entry
      entry = literalAt(<u32>window & literalMask)
      if (<i32>entry < 0) {
        store<u8>(to, <u8>(entry >> 16))
        to += 1
        window >>= entry
        held -= entry
        entry = literalAt(<u32>window & literalMask)
        if (<i32>entry < 0) {
          store<u8>(to, <u8>(entry >> 16))
          to += 1
          window >>= entry
          held -= entry
          entry = literalAt(<u32>window & literalMask)
          window |= load<u64>(from) << held
          from += <usize>(~held >> 3) & 7
          held |= 56
          continue
        }
      }
    }
    if (entry & OTHER) {
      if (entry & SUBTABLE) {
        window >>= entry
        held -= entry
        entry = literalAt((entry >> 16) + (<u32>window & ((1 << (entry >> 8)) - 1)))
        if (<i32>entry < 0) {
          store<u8>(to, <u8>(entry >> 16))
          to += 1
          window >>= entry
          held -= entry
          window |= load<u64>(from) << held
          from += <usize>(~held >> 3) & 7
          held |= 56
          entry = literalAt(<u32>window & literalMask)
          continue
        }
      }
      if (entry & OTHER) {
        window >>= entry
        held -= entry
        if (entry & END) result = to > end ? TOO_LONG : GOOD
        break
      }
    }
    const length = (entry >> 16) + ((<u32>window & ((1 << entry) - 1)) >> (entry >> 8))
    window >>= entry
    held -= entry

    // At least 14 bits are left, and the main table takes 8. All of a distance are at most 15 and
    // 13 extra ones, which are there without literals before the length.
    entry = distanceAt(<u32>window & distanceMask)
    if ((held & 63) < 28) {
      window |= load<u64>(from) << held
      from += <usize>(~held >> 3) & 7
      held |= 56
    }
    if (entry & OTHER) {
      window >>= entry
      held -= entry
      if (!(entry & SUBTABLE)) break
      entry = distanceAt((entry >> 16) + (<u32>window & ((1 << (entry >> 8)) - 1)))
      if (entry & OTHER) {
        window >>= entry
        held -= entry
        break
      }
    }
    const distance = (entry >> 16) + ((<u32>window & ((1 << entry) - 1)) >> (entry >> 8))
    window >>= entry
    held -= entry
    window |= load<u64>(from) << held
    from += <usize>(~held >> 3) & 7
    held |= 56
    entry = literalAt(<u32>window & literalMask)
    if (distance > <u32>(to - start)) break
    if (to + length > end) {
      result = TOO_LONG
      break
    }
    repeat(to, distance, length)
    to += length
  }
  bits = window
  count = held
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
