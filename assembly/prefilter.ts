// The twin that says what the prefilter means is `slowPrefilter` in src/detect/prefilter.ts.

/** 65,536 bytes: 1 where some gram has this hash. */
const HASHES = memory.data(65536, 64)
/** A million bits by another hash, for the few that are in the table above by chance. */
const BITS = memory.data(131072, 64)
/** So many offsets are given at once. */
const MOST = 32768
const PLACES = memory.data(4 * MOST, 64)

/** Takes so many grams, 32 bits each, for those to be searched for. */
export function learn(grams: usize, count: i32): void {
  for (let at = grams; at < grams + (<usize>count << 2); at += 4) {
    const gram = load<u32>(at)
    store<u8>(HASHES + tablePlace(gram), 1)
    const bit = bitPlace(gram)
    const byte = BITS + (bit >>> 3)
    store<u8>(byte, <u8>(load<u8>(byte) | (<u32>1 << (bit & 7))))
  }
}

/** Where `search` writes offsets, 32 bits each. */
export function places(): usize {
  return PLACES
}

/**
 * Where four bytes stand that may be a gram: their offsets from `from` are written to `places()`. Eight places are looked up
 * before any is decided on, since hardly one has a gram; up to 10 bytes behind `to` are read, and are part of no gram. Gives
 * the number of offsets; `resume()` is where to go on if there were too many.
 */
export function search(from: usize, to: usize): i32 {
  const enough = MOST - 8
  let count = 0
  let place = from
  for (; place < to && count <= enough; place += 8) {
    const low = load<u64>(place)
    const high = load<u64>(place + 4)
    const some = inTable(<u32>low) | inTable(<u32>(low >> 8)) | inTable(<u32>(low >> 16)) | inTable(<u32>(low >> 24))
    const more = inTable(<u32>high) | inTable(<u32>(high >> 8)) | inTable(<u32>(high >> 16)) | inTable(<u32>(high >> 24))
    if ((some | more) == 0) continue
    for (let at = place; at < place + 8 && at + 4 <= to; at += 1) {
      const gram = load<u32>(at)
      if (inTable(gram) == 0 || !inBits(gram)) continue
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

// @ts-ignore: decorators of functions are AssemblyScript's own
@inline
function tablePlace(gram: u32): u32 {
  return (gram * 0x9e3779b1) >>> 16
}

// @ts-ignore: decorators of functions are AssemblyScript's own
@inline
function bitPlace(gram: u32): u32 {
  return (gram * 0x85ebca6b) >>> 12
}

// @ts-ignore: decorators of functions are AssemblyScript's own
@inline
function inTable(gram: u32): u32 {
  return load<u8>(HASHES + tablePlace(gram))
}

// @ts-ignore: decorators of functions are AssemblyScript's own
@inline
function inBits(gram: u32): bool {
  const hash = bitPlace(gram)
  return ((load<u8>(BITS + (hash >>> 3)) >>> (hash & 7)) & 1) != 0
}
