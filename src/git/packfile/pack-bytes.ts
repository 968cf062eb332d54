import { readSync } from 'node:fs'
import { ScanError } from '../../model/errors.ts'
import type { Entries } from './plan/entries.ts'
import { type Kernel, PADDING, type Region } from './walk/kernel.ts'

/** Windows of the packs that are kept: those of a family lie near each other. */
export const WINDOWS = 32
/** Each begins with one of the stretches of a pack. */
export const STRETCH_BYTES = 256 << 10
/** What a window has beyond its stretch, so that an entry that begins in it is whole. */
const OVERHANG_BYTES = 32 << 10
export const WINDOW_BYTES = STRETCH_BYTES + OVERHANG_BYTES

/** In which stretch of a pack an offset is, by number, and where there. */
export function stretchOf(offset: number): { readonly stretch: number; readonly inside: number } {
  const stretch = Math.floor(offset / STRETCH_BYTES)
  return { stretch, inside: offset - stretch * STRETCH_BYTES }
}

/** Bytes of a file, and where to in memory. */
interface Wanted {
  readonly into: Uint8Array
  readonly at: number
  readonly length: number
  readonly position: number
}

/**
 * Gives how many there were. A short read happens at the end of a pack, or where it was cut
 * meanwhile: what is missing then does not inflate.
 */
export function readFully(file: number, { into, at, length, position }: Wanted): number {
  let have = 0
  while (have < length) {
    const more = readSync(file, into, at + have, length - have, position + have)
    if (more === 0) break
    have += more
  }
  return have
}

/**
 * Compressed bytes of entries, read through a few windows in the kernel's own memory. Never a whole
 * pack.
 */
export class PackBytes {
  readonly #kernel: Kernel
  readonly #entries: Entries
  readonly #files: readonly number[]
  readonly #from: number
  /** For each window where in which pack its bytes begin, as one number. */
  readonly #held = Array.from({ length: WINDOWS }, () => -1)
  #next = 0

  /** `files` are those of the open packs. */
  constructor(kernel: Kernel, entries: Entries, files: readonly number[]) {
    this.#kernel = kernel
    this.#entries = entries
    this.#files = files
    this.#from = kernel.first
    if (!kernel.reserve(this.end)) throw new ScanError('there is no memory to read packs in')
  }

  /** The first address behind the windows. */
  get end(): number {
    return this.#from + WINDOWS * (WINDOW_BYTES + PADDING)
  }

  /**
   * An entry's compressed bytes; at `spare` if they are too many for a window. Undefined when there
   * is no room.
   */
  of(entry: number, spare: number): Region | undefined {
    const { pack, position, length } = compressedOf(this.#entries, entry)
    const { stretch, inside } = stretchOf(position)
    if (inside + length > WINDOW_BYTES) {
      if (!this.#kernel.reserve(spare + length)) return undefined
      return { from: spare, to: spare + this.#read(pack, spare, length, position) }
    }
    const window = this.#windowOf(pack, stretch)
    return { from: window + inside, to: window + inside + length }
  }

  #windowOf(pack: number, stretch: number): number {
    const key = stretch * this.#files.length + pack
    const held = this.#held.indexOf(key)
    const slot = held < 0 ? this.#next : held
    const at = this.#from + slot * (WINDOW_BYTES + PADDING)
    if (held < 0) {
      this.#next = (this.#next + 1) % WINDOWS
      this.#held[slot] = key
      this.#read(pack, at, WINDOW_BYTES, stretch * STRETCH_BYTES)
    }
    return at
  }

  #read(pack: number, at: number, length: number, position: number): number {
    return readFully(this.#files[pack] ?? -1, { into: this.#kernel.memory(), at, length, position })
  }
}

/**
 * Where an entry's zlib stream begins, in which pack, and how many bytes there are up to the next
 * entry.
 */
export function compressedOf(
  entries: Entries,
  entry: number,
): { readonly pack: number; readonly position: number; readonly length: number } {
  const position = (entries.offsets[entry] ?? 0) + (entries.headers[entry] ?? 0)
  return { pack: packOf(entries, entry), position, length: (entries.ends[entry] ?? 0) - position }
}

function packOf({ packStarts }: Entries, entry: number): number {
  let low = 0
  let high = packStarts.length - 1
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if ((packStarts[middle] ?? 0) <= entry) low = middle
    else high = middle
  }
  return low
}
