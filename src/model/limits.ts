/**
 * Limits of a scan, with their defaults, and the decision whether a blob is too large to be read.
 * The limits are handed on as one object: a new limit is a field here, its default, and its use.
 */
import type { Skip } from './model.ts'

export interface Limits {
  /** Blobs with more bytes are skipped (bounded); default none. */
  readonly maxBlobBytes: number
  /**
   * Archives nested deeper are skipped (bounded); default 8. An archive in an archive counts as
   * two levels, and so does a compressed tar.
   */
  readonly archiveDepth: number
  /** Files read at the same time; default 8. */
  readonly jobs: number
  /**
   * Milliseconds after which the scan ends with what it has (failed, `deadline`); default never.
   */
  readonly deadlineMs: number
  /** Caps on unpacking one blob. No option changes them. */
  readonly archive: ArchiveLimits
  /** Caps on hashing values that a person may have chosen. No option changes them. */
  readonly weakValues: WeakValueLimits
}

/** Caps on unpacking one blob, with everything nested in it. */
export interface ArchiveLimits {
  /**
   * Bytes of an archive as it is stored, and bytes of memory for those parts of it that can only be
   * read as a whole.
   */
  readonly maxPackedBytes: number
  /** Bytes that come out of decompressors. */
  readonly maxUnpackedBytes: number
  /** Unpacked size divided by stored size, checked once the unpacked size passes 16 MiB. */
  readonly maxRatio: number
  readonly maxMembers: number
}

/**
 * Caps on the different values that a person may have chosen: each takes about 10 ms of a processor
 * (`docs/adr/0003-fingerprint.md`). Values beyond a cap are counted in a skip and not reported.
 */
export interface WeakValueLimits {
  readonly maxInFile: number
  readonly maxInScan: number
}

/** Limits that a caller may set; those left out have their default. */
export type LimitOptions = Partial<Omit<Limits, 'archive' | 'weakValues'>>

const optionDefaults: Required<LimitOptions> = {
  maxBlobBytes: Infinity,
  archiveDepth: 8,
  jobs: 8,
  deadlineMs: Infinity,
}

/** Large enough for archives that people commit, too small for a decompression bomb to be felt. */
export const defaultLimits: Limits = {
  ...optionDefaults,
  archive: {
    maxPackedBytes: 64 << 20,
    maxUnpackedBytes: 1 << 30,
    maxRatio: 200,
    maxMembers: 100_000,
  },
  // On two processors about 5 seconds for one file, and less than a minute for a scan.
  weakValues: { maxInFile: 1000, maxInScan: 10_000 },
}

/** Returns only the limits that `options` sets, whatever other fields it has. */
export function pickLimits(options: LimitOptions): LimitOptions {
  const limits: { -readonly [Name in keyof LimitOptions]: number } = {}
  for (const name of Object.keys(optionDefaults).filter(isLimitName)) {
    const value = options[name]
    if (value !== undefined) limits[name] = value
  }
  return limits
}

/** Returns all limits of a scan with these options. */
export function limitsOf(options: LimitOptions): Limits {
  return { ...defaultLimits, ...pickLimits(options) }
}

/**
 * Returns the skip for a blob of `size` bytes, or undefined when the blob is within
 * `maxBlobBytes`. A reader that knows the size calls this before reading; `withBlobLimit` calls it
 * for all other blobs. `blob` names the blob in the skip, with a `detail` if it differs from the
 * size in bytes.
 */
export function sizeSkip(
  size: number,
  maxBlobBytes: number,
  blob: Pick<Skip, 'path' | 'object' | 'detail'>,
): Skip | undefined {
  if (size <= maxBlobBytes) return undefined
  return { outcome: 'bounded', reason: 'too-large', detail: `${size} bytes`, ...blob }
}

function isLimitName(name: string): name is keyof LimitOptions {
  return Object.hasOwn(optionDefaults, name)
}
