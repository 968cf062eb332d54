// Tables that turn the next bits of a deflate stream into a symbol (RFC 1951, section 3.2). An
// entry has 32 bits:
//
//   bits  0-5   bits of the code and its extra bits together
//   bits  8-11  bits of the code alone; of a sub-table, how many bits select its entry
//   bits 13-15  flags, below
//   bits 16-30  the literal; the base of a length or distance; of a sub-table, its first entry
//   bit  31     set for a literal

export const LITERAL: u32 = 0x80000000
/** Neither a literal nor a length or distance: a sub-table, the end, or a code without meaning. */
export const OTHER: u32 = 0x8000
export const SUBTABLE: u32 = 0x4000
export const END: u32 = 0x2000

export const LITERALS_BITS: u32 = 11
export const DISTANCES_BITS: u32 = 8
/**
 * The most entries that codes of up to 15 bits need with their sub-tables, computed with zlib's
 * `enough` for 288 and 32 symbols.
 */
const MAX_LITERALS_ENTRIES = 2342
const MAX_DISTANCES_ENTRIES = 402

export const LITERALS = memory.data(4 * MAX_LITERALS_ENTRIES, 64)
export const DISTANCES = memory.data(4 * MAX_DISTANCES_ENTRIES, 64)
export const FIXED_LITERALS_BITS: u32 = 9
export const FIXED_DISTANCES_BITS: u32 = 5
export const FIXED_LITERALS = memory.data(4 << FIXED_LITERALS_BITS, 64)
export const FIXED_DISTANCES = memory.data(4 << FIXED_DISTANCES_BITS, 64)
/** The entry of each symbol, without the length of its code. */
export const LITERAL_SYMBOLS = memory.data(4 * 288, 64)
export const DISTANCE_SYMBOLS = memory.data(4 * 32, 64)
export const LENGTH_SYMBOLS = memory.data(4 * 32, 64)

const COUNTS = memory.data(4 * 16, 16)
const STARTS = memory.data(4 * 17, 16)
const SORTED = memory.data(2 * 288, 16)

/**
 * Fills the tables of symbols and those of the fixed codes (RFC 1951, section 3.2.6). Called once;
 * `lengths` is room for 288 bytes.
 */
export function prepareTables(lengths: usize): void {
  for (let symbol: u32 = 0; symbol < 256; symbol += 1)
    put(LITERAL_SYMBOLS, symbol, LITERAL | (symbol << 16))
  put(LITERAL_SYMBOLS, 256, OTHER | END)
  let base: u32 = 3
  for (let index: u32 = 0; index < 28; index += 1) {
    const extraBits = index < 8 ? 0 : (index >> 2) - 1
    put(LITERAL_SYMBOLS, 257 + index, (base << 16) | extraBits)
    base += 1 << extraBits
  }
  put(LITERAL_SYMBOLS, 285, 258 << 16)
  put(LITERAL_SYMBOLS, 286, OTHER)
  put(LITERAL_SYMBOLS, 287, OTHER)
  base = 1
  for (let index: u32 = 0; index < 30; index += 1) {
    const extraBits = index < 4 ? 0 : (index >> 1) - 1
    put(DISTANCE_SYMBOLS, index, (base << 16) | extraBits)
    base += 1 << extraBits
  }
  put(DISTANCE_SYMBOLS, 30, OTHER)
  put(DISTANCE_SYMBOLS, 31, OTHER)
  for (let symbol: u32 = 0; symbol < 19; symbol += 1) put(LENGTH_SYMBOLS, symbol, symbol << 16)

  memory.fill(lengths, 8, 144)
  memory.fill(lengths + 144, 9, 112)
  memory.fill(lengths + 256, 7, 24)
  memory.fill(lengths + 280, 8, 8)
  buildTable(FIXED_LITERALS, FIXED_LITERALS_BITS, LITERAL_SYMBOLS, lengths, 288)
  memory.fill(lengths, 5, 32)
  buildTable(FIXED_DISTANCES, FIXED_DISTANCES_BITS, DISTANCE_SYMBOLS, lengths, 32)
}

// @ts-ignore: decorator
@inline
function put(table: usize, index: u32, entry: u32): void {
  store<u32>(table + (<usize>index << 2), entry)
}

/** Returns how many codes have a length. */
// @ts-ignore: decorator
@inline
function countOf(length: u32): u32 {
  return load<u32>(COUNTS + (<usize>length << 2))
}

/** Returns the entry of a symbol, with the length of its code. */
// @ts-ignore: decorator
@inline
function entryOf(symbols: usize, sorted: usize, length: u32): u32 {
  return load<u32>(symbols + (<usize>load<u16>(sorted) << 2)) + length * 0x101
}

/** Returns the code that follows `code`. Both have their first bit lowest. */
// @ts-ignore: decorator
@inline
function nextCode(code: u32, length: u32): u32 {
  const bit: u32 = 0x80000000 >>> clz(code ^ ((1 << length) - 1))
  return (code & (bit - 1)) | bit
}

/**
 * Returns which of the sixteen symbols from `first` on have a code, bit 0 for the first. Most of
 * the 286 have none.
 */
// @ts-ignore: decorator
@inline
function coded(lengths: usize, first: u32, count: u32): u32 {
  const nonZero = i8x16.ne(v128.load(lengths + first), i8x16.splat(0))
  const mask = <u32>i8x16.bitmask(nonZero)
  return count - first < 16 ? mask & ((1 << (count - first)) - 1) : mask
}

/**
 * Builds the table of a canonical code whose lengths are the `count` bytes at `lengths`: at most
 * 15, or 0 for a symbol without a code. Returns how many bits select an entry, at most `maxBits`;
 * 0 when the lengths are no code, with too many or too few. As in zlib, one code of one bit may
 * stand alone, and there may be none. Up to 15 bytes behind the lengths are read.
 */
export function buildTable(
  table: usize,
  maxBits: u32,
  symbols: usize,
  lengths: usize,
  count: u32,
): u32 {
  countLengths(lengths, count)
  let longest: u32 = 15
  while (longest > 0 && countOf(longest) == 0) longest -= 1
  let used: u32 = 0
  let start: u32 = 0
  for (let length: u32 = 1; length <= longest; length += 1) {
    store<u32>(STARTS + (<usize>length << 2), start)
    start += countOf(length)
    used += countOf(length) << (15 - length)
  }
  sortSymbols(lengths, count)
  if (longest <= 1 && used < 0x8000) {
    put(table, 0, longest == 1 ? entryOf(symbols, SORTED, 1) : OTHER + 1)
    put(table, 1, OTHER + 1)
    return 1
  }
  if (used != 0x8000) return 0
  const bits = min(longest, maxBits)
  fillTable(table, bits, symbols, SORTED)
  return bits
}

/** Fills COUNTS: how many symbols have a code of each length. */
// @ts-ignore: decorator
@inline
function countLengths(lengths: usize, count: u32): void {
  zero(COUNTS, 64)
  for (let first: u32 = 0; first < count; first += 16) {
    for (let mask = coded(lengths, first, count); mask != 0; mask &= mask - 1) {
      const at = COUNTS + (<usize>load<u8>(lengths + first + ctz(mask)) << 2)
      store<u32>(at, load<u32>(at) + 1)
    }
  }
}

/** Fills SORTED: the symbols in the order of their codes. */
// @ts-ignore: decorator
@inline
function sortSymbols(lengths: usize, count: u32): void {
  for (let first: u32 = 0; first < count; first += 16) {
    for (let mask = coded(lengths, first, count); mask != 0; mask &= mask - 1) {
      const symbol = first + ctz(mask)
      const at = STARTS + (<usize>load<u8>(lengths + symbol) << 2)
      const place = load<u32>(at)
      store<u32>(at, place + 1)
      store<u16>(SORTED + (<usize>place << 1), <u16>symbol)
    }
  }
}

/** Sets bytes to zero, 16 at a time, which for few bytes is faster than `memory.fill`. */
// @ts-ignore: decorator
@inline
export function zero(at: usize, size: usize): void {
  for (const end = at + size; at < end; at += 16) v128.store(at, i8x16.splat(0))
}

/** Copies the first `size` bytes of a table, 8 or a multiple of 16, behind themselves. */
// @ts-ignore: decorator
@inline
function duplicate(table: usize, size: usize): void {
  if (size == 8) store<u64>(table + 8, load<u64>(table))
  else for (let at = table; at < table + size; at += 16) v128.store(at + size, v128.load(at))
}

/** Fills a table of `bits` bits from symbols in the order of their codes, a complete code. */
function fillTable(table: usize, bits: u32, symbols: usize, sorted: usize): void {
  let length: u32 = 1
  let left = countOf(1)
  let code: u32 = 0
  for (;;) {
    // A table for codes of `length` bits becomes one for codes with one bit more when it is
    // duplicated.
    while (left == 0) {
      if (length == bits) return fillSubtables(table, bits, symbols, sorted, code)
      duplicate(table, 4 << length)
      length += 1
      left = countOf(length)
    }
    for (; left > 0; left -= 1, sorted += 2) {
      put(table, code, entryOf(symbols, sorted, length))
      if (code == (1 << length) - 1) return
      code = nextCode(code, length)
    }
  }
}

/**
 * Adds the codes longer than `bits`. Those with the same first bits share a sub-table behind the
 * table.
 */
function fillSubtables(table: usize, bits: u32, symbols: usize, sorted: usize, code: u32): void {
  const mask: u32 = (1 << bits) - 1
  let end: u32 = 1 << bits
  let start: u32 = 0
  let prefix: u32 = u32.MAX_VALUE
  for (let length = bits + 1; length < 16; length += 1) {
    for (let left = countOf(length); left > 0; left -= 1, sorted += 2) {
      if ((code & mask) != prefix) {
        prefix = code & mask
        start = end
        let indexBits = length - bits
        let codes = left
        while (codes < (1 << indexBits)) {
          indexBits += 1
          codes = (codes << 1) + countOf(bits + indexBits)
        }
        end = start + (1 << indexBits)
        put(table, prefix, (start << 16) | OTHER | SUBTABLE | (indexBits << 8) | bits)
      }
      const entry = entryOf(symbols, sorted, length - bits)
      const step: u32 = 1 << (length - bits)
      for (let at = start + (code >> bits); at < end; at += step) put(table, at, entry)
      if (code == (1 << length) - 1) return
      code = nextCode(code, length)
    }
  }
}
