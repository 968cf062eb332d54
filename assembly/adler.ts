const MODULUS: u32 = 65521
/**
 * So many bytes can be added up before 32 bits are full: a multiple of 16 that RFC 1950's 5552
 * allows.
 */
const RUN: usize = 5552

/** Adler-32 (RFC 1950) of the bytes from `from` up to `to`, sixteen at a time. */
export function adler32(from: usize, to: usize): u32 {
  let low: u32 = 1
  let high: u32 = 0
  while (from < to) {
    const end = min(to, from + RUN)
    const blocks = from + ((end - from) & ~15)
    const bytes = blocks - from
    // Lanes: the sum of the bytes so far; the sum of those sums, once a block; the bytes times
    // their distance to the block's end.
    let sums = i32x4.splat(0)
    let earlier = i32x4.splat(0)
    let weighted = i32x4.splat(0)
    for (; from < blocks; from += 16) {
      const block = v128.load(from)
      earlier = i32x4.add(earlier, sums)
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(block)))
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(block), i16x8(16, 15, 14, 13, 12, 11, 10, 9)))
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(block), i16x8(8, 7, 6, 5, 4, 3, 2, 1)))
    }
    high += <u32>bytes * low + 16 * total(earlier) + total(weighted)
    low += total(sums)
    for (; from < end; from += 1) {
      low += load<u8>(from)
      high += low
    }
    low %= MODULUS
    high %= MODULUS
  }
  return (high << 16) | low
}

function total(lanes: v128): u32 {
  return i32x4.extract_lane(lanes, 0) + i32x4.extract_lane(lanes, 1) + i32x4.extract_lane(lanes, 2) + i32x4.extract_lane(lanes, 3)
}
