// Short copies in vector steps, for deltas and for the matches of compressed streams.

/** From this many bytes on a call of `memory.copy` is cheaper than a loop. */
const MAX_LOOPED_BYTES: usize = 256

/**
 * Copies `length` bytes between regions that do not overlap, in steps of sixteen. Up to 15 bytes
 * behind the source are read and up to 15 behind the destination are overwritten.
 */
// @ts-ignore: decorator
@inline
export function copy(into: usize, from: usize, length: usize): void {
  if (length > MAX_LOOPED_BYTES) {
    memory.copy(into, from, length)
    return
  }
  const end = into + length
  for (; into < end; into += 16, from += 16) v128.store(into, v128.load(from))
}

/** For each distance below 16, the swizzle that repeats the first `distance` of sixteen bytes. */
const REPEATED = memory.data(256, 16)
/** For each distance below 16, the largest multiple of it up to 16. */
const STEPS = memory.data(64, 16)

/** Fills the tables of `repeat`. Called once. */
export function prepareRepeats(): void {
  for (let distance: u32 = 1; distance < 16; distance += 1) {
    const row = REPEATED + 16 * distance
    for (let at: u32 = 0; at < 16; at += 1) store<u8>(row + at, <u8>(at % distance))
    store<u32>(STEPS + 4 * distance, 16 - (16 % distance))
  }
}

/**
 * Writes `length` bytes, each equal to the byte `distance` before it. Up to 31 bytes behind them
 * are overwritten.
 */
// @ts-ignore: decorator
@inline
export function repeat(into: usize, distance: usize, length: usize): void {
  const end = into + length
  let from = into - distance
  if (distance >= 16) {
    // Nearly all matches fit in two steps, which cost less than a mispredicted branch.
    v128.store(into, v128.load(from))
    v128.store(into + 16, v128.load(from + 16))
    into += 32
    from += 32
    for (; into < end; into += 16, from += 16) v128.store(into, v128.load(from))
    return
  }
  const pattern = i8x16.swizzle(v128.load(from), v128.load(REPEATED + (distance << 4)))
  const step = <usize>load<u32>(STEPS + (distance << 2))
  do {
    v128.store(into, pattern)
    into += step
  } while (into < end)
}
