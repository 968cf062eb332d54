/** Above so many bytes a call of `memory.copy` costs less than a loop. */
const SHORT: usize = 256

/**
 * Copies bytes that do not overlap, in steps of sixteen: up to 15 bytes behind both ends are read,
 * and written.
 */
// @ts-ignore: decorator
@inline
export function copy(into: usize, from: usize, length: usize): void {
  if (length > SHORT) {
    memory.copy(into, from, length)
    return
  }
  const end = into + length
  for (; into < end; into += 16, from += 16) v128.store(into, v128.load(from))
}

/**
 * For each distance below 16: which of sixteen bytes come to stand where, when the first ones are
 * repeated.
 */
const REPEATED = memory.data(256, 16)
/** For each distance below 16: how many of the sixteen are whole repetitions. */
const STEPS = memory.data(64, 16)

/** Fills the tables of `repeat`, once. */
export function prepareRepeats(): void {
  for (let distance: u32 = 1; distance < 16; distance += 1) {
    for (let at: u32 = 0; at < 16; at += 1) store<u8>(REPEATED + 16 * distance + at, <u8>(at % distance))
    store<u32>(STEPS + 4 * distance, 16 - (16 % distance))
  }
}

/**
 * Writes `length` bytes that each equal the one `distance` before it. Up to 31 bytes behind them
 * are written.
 */
// @ts-ignore: decorator
@inline
export function repeat(into: usize, distance: usize, length: usize): void {
  const end = into + length
  let from = into - distance
  if (distance >= 16) {
    // Nearly all are this short: two steps cost less than a branch that is guessed wrong.
    v128.store(into, v128.load(from))
    v128.store(into + 16, v128.load(from + 16))
    for (into += 32, from += 32; into < end; into += 16, from += 16) v128.store(into, v128.load(from))
    return
  }
  const pattern = i8x16.swizzle(v128.load(from), v128.load(REPEATED + (distance << 4)))
  const step = <usize>load<u32>(STEPS + (distance << 2))
  do {
    v128.store(into, pattern)
    into += step
  } while (into < end)
}
