// Compressed bytes of pack entries, read through a few windows in memory. Each window begins with a
// stretch, one of the blocks of 32 KiB that a pack is divided into, and extends behind it. Twin:
// `PackBytes` in src/git/packfile/pack-bytes.ts.
import { lengthOf, placeInStretch, stretchOf } from './entry-records'

/** Reads the window that begins with a stretch to `at`. */
// @ts-ignore: decorator
@external('walk', 'fillWindow')
declare function fillWindow(stretch: u32, at: usize): void
/** Reads all compressed bytes of an entry to `at` and returns how many there were. */
// @ts-ignore: decorator
@external('walk', 'readCompressed')
declare function readCompressed(entry: i32, at: usize): u32
/** Grows memory up to `end`. False when that is not possible. */
// @ts-ignore: decorator
@external('walk', 'reserve')
declare function reserve(end: usize): bool

/**
 * Bytes behind a region that may be read or overwritten: `PADDING` in
 * src/git/packfile/walk/kernel.ts.
 */
export const PADDING: usize = 32

const WINDOWS: u32 = 32
/** The stretch in each window. */
const STRETCHES = memory.data(4 * 32, 16)
const NONE: u32 = 0xffffffff
const MAX_ADDRESS: u64 = 0x7fffffff

let windows: usize = 0
/** Bytes of a window, without and with its padding. */
let windowBytes: u32 = 0
let windowStep: u32 = 0
let oldest: u32 = 0
let end: usize = 0

/** Sets where the windows are and how many bytes each has without padding. All are empty then. */
export function setWindows(at: usize, bytes: u32): void {
  windows = at
  windowBytes = bytes
  windowStep = bytes + <u32>PADDING
  oldest = 0
  memory.fill(STRETCHES, 255, 4 * WINDOWS)
}

/** Returns where the compressed bytes end that `compressedOf` located last. */
// @ts-ignore: decorator
@inline
export function compressedEnd(): usize {
  return end
}

/** Ensures that there is memory up to `to` and the padding behind it. */
export function ensureRoom(to: usize): bool {
  return <u64>to + PADDING <= <u64>memory.size() << 16 || reserve(to)
}

/**
 * Returns where an entry's compressed bytes begin: in a window, or at `spare` when they exceed a
 * window. 0 when there is no room.
 */
export function compressedOf(entry: i32, spare: usize): usize {
  const length = lengthOf(entry)
  const place = placeInStretch(entry)
  if (<u64>place + length > windowBytes) {
    if (<u64>spare + length > MAX_ADDRESS || !ensureRoom(spare + length)) return 0
    end = spare + readCompressed(entry, spare)
    return spare
  }
  const start = windowOf(stretchOf(entry)) + place
  end = start + length
  return start
}

/** Returns the window of a stretch; the oldest window is overwritten when none has it yet. */
function windowOf(stretch: u32): usize {
  for (let window: u32 = 0; window < WINDOWS; window += 1)
    if (load<u32>(STRETCHES + 4 * window) == stretch) return windows + window * windowStep
  const window = oldest
  oldest = (oldest + 1) % WINDOWS
  // `fillWindow` may throw, and the window then holds no stretch.
  store<u32>(STRETCHES + 4 * window, NONE)
  fillWindow(stretch, windows + window * windowStep)
  store<u32>(STRETCHES + 4 * window, stretch)
  return windows + window * windowStep
}
