import type { WasmInstance } from '../../wasm/instantiate.ts'

/** Where bytes lie in a kernel's memory: from this address up to, and without, that one. */
export interface Region {
  readonly from: number
  readonly to: number
}

/** What the beginning of a delta promises of what comes out: its size. */
export interface DeltaSizes {
  readonly result: number
  /** With so many bytes of the base the result begins, or with more. */
  readonly kept: number
}

/** How much of what did not change a dirty stream has. */
export interface Around {
  /** Bytes on both sides of each place where something may be new. */
  readonly reach: number
  /** The result begins with so many bytes of the stream. */
  readonly head: number
}

/**
 * The loops over the bytes of a pack, and the memory they work in. Twins: one in WebAssembly, one
 * in plain TypeScript over node:zlib, which defines what the other gives.
 *
 * Whoever calls keeps `PADDING` bytes free behind every region: they may be read behind one that is
 * read, and scribbled over behind one that is written. Nothing else outside of the regions is read
 * or written, whatever the bytes say. Regions of one call do not overlap.
 */
export interface Kernel {
  readonly name: 'wasm' | 'zlib'
  /** What its memory belongs to. */
  readonly instance?: WasmInstance
  /** The first address that is free for the caller. What is below is the kernel's own. */
  readonly first: number
  /** All memory there is. Ask again after `reserve`, which may move it. */
  memory(): Uint8Array
  /**
   * Sees to it that regions may reach up to `end`, with their padding. False, and nothing changes,
   * where that would exceed the limit.
   */
  reserve(end: number): boolean
  /**
   * A whole zlib stream (RFC 1950), which begins at `source.from` and may end before `source.to`;
   * its checksum is verified. Gives the bytes written to `into`, or a `KernelError`.
   */
  inflate(source: Region, into: Region): number
  /** How many bytes of its source the last `inflate` used, if it came to the end of its stream. */
  consumed(): number
  /** The result's size, which is exactly what the delta promises, or a `KernelError`. */
  applyDelta(delta: Region, base: Region, into: Region): number
  /**
   * What may hold something new in the result of a delta, without making the result: every run of
   * at most `reach` of its bytes that does not stand in the base as a whole, its first and last
   * `reach` bytes, and its first `head` bytes. What is left out between two such parts is `GAP` in
   * the stream. The stream is never longer than the result. Gives its length, or a `KernelError`.
   */
  dirtyStream(delta: Region, base: Region, into: Region, around: Around): number
  /** Undefined where there is no whole header, or one that promises 2 GiB or more. */
  deltaSizes(delta: Region): DeltaSizes | undefined
}

/** Bytes behind a region that a kernel may read or scribble over. */
export const PADDING = 32

/**
 * Stands in a dirty stream for what was left out. The byte 0xff is in no keyword, no word, no space
 * and no UTF-8, so nothing seems to stand where two parts meet; NUL would make the stream look like
 * UTF-16.
 */
export const GAP: Uint8Array = Uint8Array.of(0xff, 0xff, 0xff, 0xff)

/** What a kernel gives instead of a length; all are negative. */
export const KernelError = {
  /**
   * Not what the format allows, or the checksum is wrong, or a delta and its base do not fit. More
   * bytes would not help.
   */
  damaged: -1,
  /** The source ended before its stream did; as far as it goes, it is sound. Only of `inflate`. */
  truncated: -2,
  /** There is more than `into` has room for. What was written there means nothing. */
  tooLong: -3,
} as const
