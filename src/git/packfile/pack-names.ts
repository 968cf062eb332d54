import { closeSync, fstatSync, openSync } from 'node:fs'
import { readFully } from './pack-bytes.ts'
import { HEAD_BYTES, headOf, type IndexHead } from './pack-index.ts'

/**
 * Names are hashes: each stands within so many places of where its first bytes say, nearly always.
 */
const NEAR = 64

/**
 * The names in an index, of which only those are read that stand where one would that is asked for:
 * an index can be larger than all that a scan needs else.
 */
export class PackNames {
  /** Checksum of the pack, in hexadecimal. */
  readonly packChecksum: string
  readonly #file: number
  readonly #idBytes: number
  readonly #head: IndexHead
  /** What is read is put there each time. */
  #near: Buffer | undefined
  #seen = 0
  #all: Buffer | undefined

  /**
   * `path`: that of the index; to be closed. Throws PackSurprise, and what the file system throws.
   */
  constructor(path: string, idBytes: number) {
    this.#idBytes = idBytes
    this.#file = openSync(path, 'r')
    try {
      const { size } = fstatSync(this.#file)
      this.#head = headOf(this.#read(0, Buffer.alloc(Math.min(size, HEAD_BYTES))), size, idBytes)
      this.packChecksum = this.#read(size - 2 * idBytes, Buffer.alloc(idBytes)).toString('hex')
    } catch (error) {
      closeSync(this.#file)
      throw error
    }
  }

  /** Is the name that stands at `at` among them? */
  has(bytes: Uint8Array, at: number): boolean {
    const { fanout } = this.#head
    const first = bytes[at] ?? 0
    const from = first === 0 ? 0 : (fanout[first - 1] ?? 0)
    const to = fanout[first] ?? 0
    const guess =
      from +
      Math.floor(((to - from) * (((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0))) / 65_536)
    const [low, high] = [Math.max(from, guess - NEAR), Math.min(to, guess + NEAR)]
    const place = this.#placeOf(bytes, at, low, high)
    if (place === undefined) return true
    // It would stand before these, or behind them.
    const isElsewhere = (place === low && low > from) || (place === high && high < to)
    return isElsewhere && this.#placeOf(bytes, at, from, to) === undefined
  }

  close(): void {
    closeSync(this.#file)
  }

  /**
   * Where a name would stand that is not among those from one place up to another; undefined where
   * it is.
   */
  #placeOf(bytes: Uint8Array, at: number, from: number, to: number): number | undefined {
    const { namesAt, nameStep, count } = this.#head
    this.#seen += to - from
    // Once as many were read as there are it is quicker to have read all.
    if (this.#seen > count) this.#all ??= this.#read(namesAt, Buffer.alloc(count * nameStep))
    const names =
      this.#all ?? this.#read(namesAt + from * nameStep, this.#roomFor((to - from) * nameStep))
    const start = this.#all === undefined ? from : 0
    let [low, high] = [from, to]
    while (low < high) {
      const middle = (low + high) >>> 1
      const name = (middle - start) * nameStep
      let byte = 0
      while (byte < this.#idBytes && names[name + byte] === bytes[at + byte]) byte += 1
      if (byte === this.#idBytes) return undefined
      if ((names[name + byte] ?? 0) < (bytes[at + byte] ?? 0)) low = middle + 1
      else high = middle
    }
    return low
  }

  #roomFor(length: number): Buffer {
    if (this.#near === undefined || this.#near.length < length)
      this.#near = Buffer.alloc(Math.max(length, 2 * NEAR * this.#head.nameStep))
    return this.#near.subarray(0, length)
  }

  /** What is not there is 0. */
  #read(position: number, into: Buffer): Buffer {
    into.fill(0, readFully(this.#file, { into, at: 0, length: into.length, position }))
    return into
  }
}
