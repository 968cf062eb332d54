// The twin that says what the prefilter means is `slowPrefilter` in src/detect/prefilter.ts, which also fills the tables.

/** Eight tables of 16 bytes: for the low and high half of each of four bytes, the groups of grams it may belong to. */
const NIBBLES: usize = 0
/** 65,536 bits: does some gram have this hash? */
const HASHES: usize = 256
/** So many offsets are given at once. */
const MOST = 32768
const PLACES = memory.data(4 * MOST, 64)

/** Where `search` writes offsets, 32 bits each. */
export function places(): usize {
  return PLACES
}

/**
 * Where four bytes stand that may be a gram: their offsets from `from` are written to `places()`. Sixteen places are looked at
 * together, each byte through two table look-ups; up to 18 bytes behind `to` are read, and are part of no gram. Gives the
 * number of offsets; `resume()` is where to go on if there were too many.
 */
export function search(from: usize, to: usize): i32 {
  const low0 = v128.load(NIBBLES)
  const high0 = v128.load(NIBBLES + 16)
  const low1 = v128.load(NIBBLES + 32)
  const high1 = v128.load(NIBBLES + 48)
  const low2 = v128.load(NIBBLES + 64)
  const high2 = v128.load(NIBBLES + 80)
  const low3 = v128.load(NIBBLES + 96)
  const high3 = v128.load(NIBBLES + 112)
  const half = i8x16.splat(15)
  const none = i8x16.splat(0)
  const enough = MOST - 16
  let count = 0
  let place = from
  for (; place < to && count <= enough; place += 16) {
    const a = v128.load(place)
    const b = v128.load(place + 1)
    const c = v128.load(place + 2)
    const d = v128.load(place + 3)
    const groups = v128.and(
      v128.and(
        v128.and(i8x16.swizzle(low0, v128.and(a, half)), i8x16.swizzle(high0, i8x16.shr_u(a, 4))),
        v128.and(i8x16.swizzle(low1, v128.and(b, half)), i8x16.swizzle(high1, i8x16.shr_u(b, 4))),
      ),
      v128.and(
        v128.and(i8x16.swizzle(low2, v128.and(c, half)), i8x16.swizzle(high2, i8x16.shr_u(c, 4))),
        v128.and(i8x16.swizzle(low3, v128.and(d, half)), i8x16.swizzle(high3, i8x16.shr_u(d, 4))),
      ),
    )
    if (!v128.any_true(groups)) continue
    let lanes = ~i8x16.bitmask(i8x16.eq(groups, none)) & 0xffff
    for (; lanes != 0; lanes &= lanes - 1) {
      const at = place + ctz(lanes)
      if (at + 4 > to) break
      const hash = hashOf(load<u8>(at), load<u8>(at + 1), load<u8>(at + 2), load<u8>(at + 3))
      if (((load<u8>(HASHES + (hash >> 3)) >> (hash & 7)) & 1) == 0) continue
      store<u32>(PLACES + (<usize>count << 2), <u32>(at - from))
      count += 1
    }
  }
  reached = place
  return count
}

let reached: usize = 0

/** Where the last search stopped: at or past its end, or before it for want of room. */
export function resume(): usize {
  return reached
}

/** Mirrored by `hashOf` in src/detect/prefilter.ts. */
function hashOf(a: u32, b: u32, c: u32, d: u32): u32 {
  return ((a * 0x9e37) ^ (b * 0x85eb) ^ (c * 0xc2b3) ^ (d * 0xa54d)) & 0xffff
}
