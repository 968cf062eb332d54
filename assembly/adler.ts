// The checksum at the end of a zlib stream.

const MODULUS: u32 = 65521
/**
 * Bytes that can be summed before 32 bits overflow: the largest multiple of 16 within the 5552
 * that zlib sums between two reductions (its `NMAX`).
 */
const MAX_UNREDUCED_BYTES: usize = 5552

/** Returns Adler-32 (RFC 1950) of the bytes in `[from, to)`, computed sixteen at a time. */
export function adler32(from: usize, to: usize): u32 {
  let low: u32 = 1
  let high: u32 = 0
  while (from < to) {
    const end = min(to, from + MAX_UNREDUCED_BYTES)
    const blocksEnd = from + ((end - from) & ~15)
    const bytes = blocksEnd - from
    // `sums`: the bytes so far; `earlier`: `sums` added up once a block; `weighted`: each byte
    // times its distance to the end of its block.
    let sums = i32x4.splat(0)
    let earlier = i32x4.splat(0)
    let weighted = i32x4.splat(0)
    for (; from < blocksEnd; from += 16) {
      const block = v128.load(from)
      earlier = i32x4.add(earlier, sums)
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(block)))
      const lowWeights = i16x8(16, 15, 14, 13, 12, 11, 10, 9)
      const highWeights = i16x8(8, 7, 6, 5, 4, 3, 2, 1)
      const lowBytes = i16x8.extend_low_i8x16_u(block)
      const highBytes = i16x8.extend_high_i8x16_u(block)
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(lowBytes, lowWeights))
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(highBytes, highWeights))
    }
    high += <u32>bytes * low + 16 * laneSum(earlier) + laneSum(weighted)
    low += laneSum(sums)
    for (; from < end; from += 1) {
      low += load<u8>(from)
      high += low
    }
    low %= MODULUS
    high %= MODULUS
  }
  return (high << 16) | low
}

function laneSum(lanes: v128): u32 {
  return (
    i32x4.extract_lane(lanes, 0) +
    i32x4.extract_lane(lanes, 1) +
    i32x4.extract_lane(lanes, 2) +
    i32x4.extract_lane(lanes, 3)
  )
}
