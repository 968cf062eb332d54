import { readSync } from 'node:fs'
import { ScanError } from '../../model/errors.ts'
import type { Entries } from './plan/entries.ts'
import { hasCode } from './pack-surprise.ts'
import { type Kernel, PADDING, type Region } from './walk/kernel.ts'

/** Windows of packs that are in memory. The entries of a delta chain lie near each other. */
export const WINDOWS = 32

/**
 * A stretch is so many bytes of a pack; each window begins with a stretch. A delta chain takes only
 * some entries of each stretch: with 256 KiB git.git's pack of 0.5 GB was read 60 times over.
 */
export const STRETCH_BYTES = 32 << 10

/** Bytes of a window behind its stretch: an entry that begins in the stretch is mostly whole. */
const OVERHANG_BYTES = 8 << 10
export const WINDOW_BYTES = STRETCH_BYTES + OVERHANG_BYTES

/** Returns the number of the stretch that an offset of a pack is in, and its offset there. */
export function stretchOf(offset: number): { readonly stretch: number; readonly inside: number } {
  const stretch = Math.floor(offset / STRETCH_BYTES)
  return { stretch, inside: offset - stretch * STRETCH_BYTES }
}

/** Bytes of a file, and where to write them in memory. */
interface FileRange {
  readonly into: Uint8Array
  readonly at: number
  readonly length: number
  readonly position: number
}

/**
 * Reads bytes of a file into memory, and returns how many there were. A short read happens at the
 * end of a pack, when the pack was truncated meanwhile, or when the disk fails (EIO): what is
 * missing then fails to inflate, and is left to git, which reports what is wrong.
 */
export function readUntilFailure(fd: number, range: FileRange): number {
  try {
    return readFully(fd, range)
  } catch (error) {
    if (!hasCode(error, 'EIO')) throw error
    // Bytes that the memory had before must not pass for those of the file.
    range.into.fill(0, range.at, range.at + range.length)
    return 0
  }
}

/** Reads like `readUntilFailure`, but throws errors of the file system. */
export function readFully(fd: number, { into, at, length, position }: FileRange): number {
  let total = 0
  while (total < length) {
    const read = readSync(fd, into, at + total, length - total, position + total)
    if (read === 0) break
    total += read
  }
  return total
}

/** Reads the compressed bytes of entries, through a few windows in the kernel's memory. */
export class PackBytes {
  readonly #kernel: Kernel
  readonly #entries: Entries
  readonly #packFds: readonly number[]
  readonly #from: number
  /** For each window the pack and the stretch that it has, as one number. */
  readonly #windowKeys = Array.from({ length: WINDOWS }, () => -1)
  #nextWindow = 0

  /** Throws ScanError when there is no memory for the windows. */
  constructor(kernel: Kernel, entries: Entries, packFds: readonly number[]) {
    this.#kernel = kernel
    this.#entries = entries
    this.#packFds = packFds
    this.#from = kernel.firstFree
    if (!kernel.reserve(this.end)) throw new ScanError('there is no memory to read packs in')
  }

  /** The first address behind the windows. */
  get end(): number {
    return this.#from + WINDOWS * (WINDOW_BYTES + PADDING)
  }

  /**
   * Returns where an entry's compressed bytes are in memory: in a window, or at the address `spare`
   * when a window is too small. Returns undefined when there is no room there.
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

  /** Returns the address of the window with this stretch, which is read when no window has it. */
  #windowOf(pack: number, stretch: number): number {
    const key = stretch * this.#packFds.length + pack
    const cached = this.#windowKeys.indexOf(key)
    const window = cached < 0 ? this.#nextWindow : cached
    const at = this.#from + window * (WINDOW_BYTES + PADDING)
    if (cached < 0) {
      this.#nextWindow = (this.#nextWindow + 1) % WINDOWS
      this.#windowKeys[window] = key
      this.#read(pack, at, WINDOW_BYTES, stretch * STRETCH_BYTES)
    }
    return at
  }

  #read(pack: number, at: number, length: number, position: number): number {
    const into = this.#kernel.memory()
    return readUntilFailure(this.#packFds[pack] ?? -1, { into, at, length, position })
  }
}

/**
 * Returns the pack of an entry, the offset of its zlib stream there, and the number of bytes up to
 * the next entry.
 */
export function compressedOf(
  entries: Entries,
  entry: number,
): { readonly pack: number; readonly position: number; readonly length: number } {
  const position = (entries.offsets[entry] ?? 0) + (entries.headerBytes[entry] ?? 0)
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
