import type { SkipReason } from '../../model/model.ts'

/** How far archives are unpacked. */
export interface ContainerLimits {
  /** Bytes of an archive as it is stored; those that can only be read whole are held in memory. */
  readonly packedBytes: number
  /** Bytes unpacked of one blob, each time they are. */
  readonly unpackedBytes: number
  /** How many times its own size a blob may grow, once it grew beyond `RATIO_FLOOR_BYTES`. */
  readonly ratio: number
  readonly members: number
  /** Names in a chain: an archive in an archive is two, and so is a tar that was compressed. */
  readonly depth: number
}

/**
 * What holds where nothing else was asked for: enough for what people check in, too little for a
 * bomb to be felt.
 */
export const defaultLimits: ContainerLimits = {
  packedBytes: 64 << 20,
  unpackedBytes: 1 << 30,
  ratio: 200,
  members: 100_000,
  depth: 8,
}

/**
 * Of the members, how many may be archives, which take longest to open, and how many broken, which
 * are read twice.
 */
const ARCHIVES_SHARE = 10
const BROKEN_SHARE = 500

/** Small things may grow as they like: a log of one line, a table of zeros. */
const RATIO_FLOOR_BYTES = 16 << 20

/** Why something is not unpacked. */
export class UnpackError extends Error {
  override readonly name = 'Refusal'
  readonly reason: SkipReason
  /** A limit of the whole blob was reached: nothing more of it is unpacked. */
  readonly final: boolean
  /** The member at which it was; known to who reads that. */
  chain: readonly string[] | undefined

  constructor(reason: SkipReason, message: string, final = false) {
    super(message)
    this.reason = reason
    this.final = final
  }
}

/**
 * What is left of the limits while one blob is unpacked, whatever is nested in it. Sizes that
 * headers declare count for nothing here.
 */
export class Budget {
  readonly #limits: ContainerLimits
  readonly #packed: number
  #unpacked = 0
  #members = 0
  #archives = 0
  #broken = 0
  #held = 0

  constructor(limits: ContainerLimits, packed: number) {
    this.#limits = limits
    this.#packed = packed
  }

  /** Counts bytes that came out of a decompressor. */
  countUnpacked(bytes: number): void {
    this.#unpacked += bytes
    const { unpackedBytes, ratio } = this.#limits
    if (this.#unpacked > unpackedBytes)
      throw new UnpackError('archive-size', `more than ${unpackedBytes} bytes unpacked`, true)
    if (this.#unpacked > RATIO_FLOOR_BYTES && this.#unpacked > ratio * this.#packed) {
      throw new UnpackError(
        'archive-ratio',
        `unpacked, it is more than ${ratio} times as large`,
        true,
      )
    }
  }

  /** Counts one member. */
  countMember(): void {
    this.#members += 1
    if (this.#members > this.#limits.members)
      throw new UnpackError('archive-members', `more than ${this.#limits.members} members`, true)
  }

  /** Counts an archive that is opened. */
  countArchive(): void {
    this.#archives += 1
    const most = Math.ceil(this.#limits.members / ARCHIVES_SHARE)
    if (this.#archives > most)
      throw new UnpackError('archive-members', `more than ${most} archives in it`, true)
  }

  /** Counts what turned out to be broken. */
  countBroken(): void {
    this.#broken += 1
    const most = Math.ceil(this.#limits.members / BROKEN_SHARE)
    if (this.#broken > most)
      throw new UnpackError('archive-corrupt', `more than ${most} broken members`, true)
  }

  /** Asks whether members may be that deep. */
  checkDepth(depth: number): void {
    if (depth > this.#limits.depth)
      throw new UnpackError(
        'archive-depth',
        `more than ${this.#limits.depth} archives within each other`,
      )
  }

  /** Memory that may still be held. */
  get memoryLeft(): number {
    return this.#limits.packedBytes - this.#held
  }

  /** Takes memory for an archive that must be held whole; false when there is none left. */
  reserve(bytes: number): boolean {
    if (bytes > this.memoryLeft) return false
    this.#held += bytes
    return true
  }

  /** Gives memory back. */
  release(bytes: number): void {
    this.#held -= bytes
  }
}
