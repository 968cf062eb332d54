// The compressed bytes of entries, in a few windows of packs. Twin: `PackBytes` in
// src/pack/pack-bytes.ts.
import { insideOf, lengthOf, stretchOf } from './records'

/** Reads a stretch of a pack, and what hangs over. */
// @ts-ignore: decorator
@external('walk', 'fill')
declare function fill(stretch: u32, at: usize): void
/** Reads all of an entry's bytes; gives how many there were. */
// @ts-ignore: decorator
@external('walk', 'fetch')
declare function fetch(entry: i32, at: usize): u32
/** Sees to it that there is memory up to an end. */
// @ts-ignore: decorator
@external('walk', 'reserve')
declare function reserve(end: usize): bool

/** Bytes behind a region that may be read or scribbled over: `PADDING` in src/pack/kernel.ts. */
export const PADDING: usize = 32

const WINDOWS: u32 = 32
/** Which stretch each window has, none to begin with. */
const HELD = memory.data(4 * 32, 16)
const NONE: u32 = 0xffffffff

let windows: usize = 0
/** Bytes of a window, and of the memory that it takes. */
let windowSize: u32 = 0
let windowStep: u32 = 0
let oldest: u32 = 0
let end: usize = 0

/** Says where windows are, and that they are empty: each has `size` bytes, and padding. */
export function setWindows(at: usize, size: u32): void {
  windows = at
  windowSize = size
  windowStep = size + <u32>PADDING
  oldest = 0
  memory.fill(HELD, 255, 4 * WINDOWS)
}

// @ts-ignore: decorator
@inline
export function sourceEnd(): usize {
  return end
}

export function room(to: usize): bool {
  return <u64>to + PADDING <= <u64>memory.size() << 16 || reserve(to)
}

/**
 * Where an entry's compressed bytes are, up to `sourceEnd`; at `spare` if they are too many for a
 * window. 0 where there is no room.
 */
export function sourceOf(entry: i32, spare: usize): usize {
  const length = lengthOf(entry)
  const inside = insideOf(entry)
  if (<u64>inside + length > windowSize) {
    if (<u64>spare + length > 0x7fffffff || !room(spare + length)) return 0
    end = spare + fetch(entry, spare)
    return spare
  }
  const start = windowOf(stretchOf(entry)) + inside
  end = start + length
  return start
}

function windowOf(stretch: u32): usize {
  for (let window: u32 = 0; window < WINDOWS; window += 1) if (load<u32>(HELD + 4 * window) == stretch) return windows + window * windowStep
  const window = oldest
  oldest = (oldest + 1) % WINDOWS
  // Not held unless it could be read.
  store<u32>(HELD + 4 * window, NONE)
  fill(stretch, windows + window * windowStep)
  store<u32>(HELD + 4 * window, stretch)
  return windows + window * windowStep
}
