/** Limits of one archive and everything in it: bytes, ratio, members, and the refusals they cause. */
import type { Limits } from '../../model/limits.ts'
import type { SkipReason } from '../../model/model.ts'

/** One in ten members may be an archive: archives take the longest to open. */
const MEMBERS_PER_ARCHIVE = 10

/** One in 500 members may be broken: broken members are read twice. */
const MEMBERS_PER_BROKEN = 500

/** Below this unpacked size any ratio is allowed: a log of one line, or a table of zeros. */
const RATIO_FLOOR_BYTES = 16 << 20

/** Reason why an archive or a member is not unpacked. */
export class UnpackError extends Error {
  override readonly name = 'UnpackError'
  readonly reason: SkipReason
  /** True when a limit of the whole blob was reached, so that nothing more of it is unpacked. */
  readonly isFinal: boolean
  /** Names of the members that lead to the place of the error, set where they are known. */
  chain: readonly string[] | undefined

  constructor(reason: SkipReason, message: string, isFinal = false) {
    super(message)
    this.reason = reason
    this.isFinal = isFinal
  }
}

/**
 * Enforces the limits while one blob is unpacked, with everything nested in it. Counts bytes as
 * they are unpacked: sizes that headers declare may be forged.
 */
export class Budget {
  readonly #limits: Limits
  readonly #packedBytes: number
  #unpackedBytes = 0
  #members = 0
  #archives = 0
  #broken = 0
  #reservedBytes = 0

  constructor(limits: Limits, packedBytes: number) {
    this.#limits = limits
    this.#packedBytes = packedBytes
  }

  /** Counts bytes that came out of a decompressor. */
  countUnpacked(bytes: number): void {
    this.#unpackedBytes += bytes
    const { maxUnpackedBytes, maxRatio } = this.#limits.archive
    const unpacked = this.#unpackedBytes
    if (unpacked > maxUnpackedBytes)
      throw new UnpackError('archive-size', `more than ${maxUnpackedBytes} bytes unpacked`, true)
    if (unpacked > RATIO_FLOOR_BYTES && unpacked > maxRatio * this.#packedBytes) {
      const message = `unpacked, it is more than ${maxRatio} times as large`
      throw new UnpackError('archive-ratio', message, true)
    }
  }

  /** Counts a member that is read. */
  countMember(): void {
    this.#members += 1
    const { maxMembers } = this.#limits.archive
    if (this.#members > maxMembers)
      throw new UnpackError('archive-members', `more than ${maxMembers} members`, true)
  }

  /** Counts an archive that is opened. */
  countArchive(): void {
    this.#archives += 1
    const maxArchives = Math.ceil(this.#limits.archive.maxMembers / MEMBERS_PER_ARCHIVE)
    if (this.#archives > maxArchives)
      throw new UnpackError('archive-members', `more than ${maxArchives} archives in it`, true)
  }

  /** Counts a member that turned out to be broken. */
  countBroken(): void {
    this.#broken += 1
    const maxBroken = Math.ceil(this.#limits.archive.maxMembers / MEMBERS_PER_BROKEN)
    if (this.#broken > maxBroken)
      throw new UnpackError('archive-corrupt', `more than ${maxBroken} broken members`, true)
  }

  /** Throws when archives are nested deeper than allowed. */
  checkDepth(depth: number): void {
    const { archiveDepth } = this.#limits
    if (depth > archiveDepth)
      throw new UnpackError('archive-depth', `more than ${archiveDepth} archives within each other`)
  }

  /** Bytes of memory that may still be reserved. */
  get memoryLeft(): number {
    return this.#limits.archive.maxPackedBytes - this.#reservedBytes
  }

  /** Reserves memory for bytes that must be read as a whole; false when too little is left. */
  reserve(bytes: number): boolean {
    if (bytes > this.memoryLeft) return false
    this.#reservedBytes += bytes
    return true
  }

  /** Gives reserved memory back. */
  release(bytes: number): void {
    this.#reservedBytes -= bytes
  }
}
