// The twin that says what the prefilter means is `slowPrefilter` in src/detect/prefilter.ts.

/**
 * By a hash of three bytes: FIRST where some gram begins with these, SECOND where some gram ends
 * with them.
 */
const FRONT = memory.data(65536, 64)
const FIRST: u32 = 2
const SECOND: u32 = 1
/** Odd factors of that hash, for two bytes as one number and for the third. */
const FIRST_TWO: u16 = 0x9e37
const THIRD: u16 = 0x79b1
const HASHES = memory.data(16, 16)
/**
 * A million bits by a hash of four bytes, for the few that are in the table above by chance, or
 * have another fourth byte.
 */
const BITS = memory.data(131072, 64)
/** So many offsets are given at once. */
const MOST = 32768
const PLACES = memory.data(4 * MOST, 64)
/**
 * Bytes that are decided on at once, and those of which it is noted where to look closer, 32 bits a
 * block.
 */
const BLOCK = 16
const STRETCH = 8192
const GLANCES = memory.data(2048 + 4, 64)

/** Takes so many grams, 32 bits each, for those to be searched for. */
export function learn(grams: usize, count: i32): void {
  for (let at = grams; at < grams + (<usize>count << 2); at += 4) {
    const gram = load<u32>(at)
    note(FRONT + frontPlace(gram), FIRST)
    note(FRONT + frontPlace(gram >>> 8), SECOND)
    const bit = bitPlace(gram)
    note(BITS + (bit >>> 3), <u32>1 << (bit & 7))
  }
}

function note(at: usize, bits: u32): void {
  store<u8>(at, <u8>(load<u8>(at) | bits))
}

/** Where `search` writes offsets, 32 bits each. */
export function places(): usize {
  return PLACES
}

/**
 * Where four bytes stand that may be a gram: their offsets from `from` are written to `places()`,
 * in ascending order. Up to 20 bytes behind `to` are read, and are part of no gram. Gives the
 * number of offsets; `resume()` is where to go on if there were too many.
 */
export function search(from: usize, to: usize): i32 {
  if (isKept && from == keptFrom && to == keptTo) return keptCount
  isKept = false
  let count = 0
  let place = from
  for (; place < to && count <= MOST - STRETCH; place += STRETCH) {
    const end = glance(place, min(place + STRETCH, to))
    for (let at = GLANCES; at < end; at += 4) {
      const glanced = load<u32>(at)
      const block = place + (glanced >>> 16)
      for (let sides = glanced & 0xffff; sides != 0; sides &= sides - 1) {
        const gram = block + ctz(sides)
        const hash = bitPlace(load<u32>(gram))
        if (((load<u8>(BITS + (hash >>> 3)) >>> (hash & 7)) & 1) == 0 || gram + 4 > to) continue
        store<u32>(PLACES + (<usize>count << 2), <u32>(gram - from))
        count += 1
      }
    }
  }
  reached = place
  return count
}

/**
 * Notes the blocks in which three bytes, at every second place, are the first or the last of any
 * gram: bit 0 of a note for a gram at the block's first byte, and so on, and above those 16 where
 * the block begins. Gives where the notes end. Nothing here branches on what it reads, for most of
 * it comes to nothing. The eight hashes of a block are made at once, and read again from memory: to
 * take them out of a vector one by one takes longer.
 */
function glance(from: usize, to: usize): usize {
  let end = GLANCES
  const firstTwo = i16x8.splat(FIRST_TWO)
  const third = i16x8.splat(THIRD)
  const lowByte = i16x8.splat(255)
  for (let place = from; place < to; place += BLOCK) {
    v128.store(HASHES, i16x8.add(i16x8.mul(v128.load(place, 1), firstTwo), i16x8.mul(v128.and(v128.load(place, 3), lowByte), third)))
    const some = front(0) | (front(1) << 2) | (front(2) << 4) | (front(3) << 6)
    const more = front(4) | (front(5) << 2) | (front(6) << 4) | (front(7) << 6)
    const sides = some | (more << 8)
    store<u32>(end, (<u32>(place - from) << 16) | sides)
    end += <usize>(sides != 0) << 2
  }
  return end
}

let isKept: bool = false
let keptFrom: usize = 0
let keptTo: usize = 0
let keptCount: i32 = 0

/**
 * What the last search found will be asked once more, of the same bytes; or those may be others
 * from now on.
 */
export function keepSearch(from: usize, to: usize, count: i32): void {
  keptFrom = from
  keptTo = to
  keptCount = count
  isKept = true
}

export function dropSearch(): void {
  isKept = false
}

let reached: usize = 0

/** Where the last search stopped: at or past its end, or before it for want of room. */
export function resume(): usize {
  return reached
}

/** By the three lower bytes: what `glance` computes for eight at once. */
function frontPlace(bytes: u32): u32 {
  return ((bytes & 0xffff) * FIRST_TWO + ((bytes >>> 16) & 255) * THIRD) & 0xffff
}

/** What is at one of the eight hashes. */
// @ts-ignore: decorators of functions are AssemblyScript's own
@inline
function front(hash: usize): u32 {
  return load<u8>(<usize>load<u16>(HASHES + 2 * hash), FRONT)
}

// @ts-ignore: decorators of functions are AssemblyScript's own
@inline
function bitPlace(gram: u32): u32 {
  return (gram * 0x85ebca6b) >>> 12
}
