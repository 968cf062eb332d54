import type { WasmInstance } from '../../wasm/instantiate.ts'

/** Bytes in a kernel's memory: from the address `from` up to, and without, the address `to`. */
export interface Region {
  readonly from: number
  readonly to: number
}

/** Sizes that the beginning of a delta states about the object it makes. */
export interface DeltaSizes {
  /** Bytes of the object. */
  readonly result: number
  /** The object begins with at least so many bytes of its base. */
  readonly keptPrefix: number
}

/** The unchanged bytes that a dirty stream has besides the changed ones. */
export interface ChangeContext {
  /** Bytes on each side of every change. */
  readonly radius: number
  /** Bytes at the beginning of the object, changed or not. */
  readonly headBytes: number
}

/**
 * The loops over the bytes of a pack, and the memory they work in. There are two kernels: one in
 * WebAssembly, and one in TypeScript over node:zlib, which defines what the other returns.
 *
 * The caller keeps `PADDING` bytes free behind every region: a kernel may read them behind a source
 * and overwrite them behind a target. Apart from that a kernel reads and writes nothing outside of
 * the regions, whatever the bytes of the pack are. The regions of one call must not overlap.
 */
export interface Kernel {
  readonly name: 'wasm' | 'zlib'
  /** The WebAssembly instance that has the memory, in the kernel of that kind. */
  readonly instance?: WasmInstance
  /** The first address that callers may use. The kernel's own data is below. */
  readonly firstFree: number
  /** Returns all of the memory. `reserve` can move it: call `memory` again after each `reserve`. */
  memory(): Uint8Array
  /**
   * Makes room for regions up to address `end`, and their padding. Returns false, and changes
   * nothing, when that exceeds the kernel's limit or the memory of the machine.
   */
  reserve(end: number): boolean
  /**
   * Inflates a whole zlib stream (RFC 1950) and verifies its checksum. The stream begins at
   * `source.from` and may end before `source.to`. Returns the number of bytes written to `into`, or
   * a `KernelError`.
   */
  inflate(source: Region, into: Region): number
  /** Returns how many bytes of its source the last `inflate` used; 0 when it failed. */
  consumed(): number
  /** Writes the object that a delta makes of its base. Returns its size, or a `KernelError`. */
  applyDelta(delta: Region, base: Region, into: Region): number
  /**
   * Writes the dirty stream of a delta: the parts of the object that may hold something new,
   * without the rest of the object. It has every run of at most `radius` bytes of the object that
   * does not stand in the base as a whole, the first and the last `radius` bytes, and the first
   * `headBytes` bytes. `GAP` stands for what is left out between two parts. The stream is never
   * longer than the object. Returns its length, or a `KernelError`.
   */
  dirtyStream(delta: Region, base: Region, into: Region, context: ChangeContext): number
  /** Returns undefined when the delta's header is cut short, or states 2 GiB or more. */
  deltaSizes(delta: Region): DeltaSizes | undefined
}

/** Bytes behind a region that a kernel may read or overwrite. */
export const PADDING = 32

/**
 * Stands in a dirty stream between two parts of the object that do not follow each other. No
 * keyword, word, space or UTF-8 text has a byte 0xff, so no match can span a gap; a NUL would make
 * the stream look like UTF-16.
 */
export const GAP: Uint8Array = Uint8Array.of(0xff, 0xff, 0xff, 0xff)

/** Numbers that a kernel returns instead of a length. All are negative. */
export const KernelError = {
  /**
   * The source is not what the format allows, the checksum is wrong, or a delta does not fit its
   * base. More bytes would not help.
   */
  damaged: -1,
  /** The source ended before its stream did, and is sound so far. Only `inflate` returns this. */
  truncated: -2,
  /** The result is longer than `into`, which now holds nothing of use. */
  tooLong: -3,
} as const
