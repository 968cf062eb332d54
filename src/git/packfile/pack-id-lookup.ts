import { closeSync, fstatSync } from 'node:fs'
import { openRegularFile } from '../../model/regular-file.ts'
import { readFully } from './pack-bytes.ts'
import { INDEX_HEAD_BYTES, type IndexHead, readIndexHead } from './pack-index.ts'

/**
 * IDs that are read on each side of the place where one is expected. IDs are hashes, so their first
 * bytes nearly always tell their place in the index to within so many.
 */
const MAX_DEVIATION = 64

/**
 * Looks up IDs in a pack's index without reading all of it: an index can be larger than everything
 * else that a scan needs. Reads only the IDs near the place where one would be.
 */
export class PackIdLookup {
  /** Checksum of the pack, in hexadecimal. */
  readonly packChecksum: string
  readonly #file: number
  readonly #idBytes: number
  readonly #head: IndexHead
  /** The buffer that IDs are read into each time. */
  #buffer: Buffer | undefined
  #idsRead = 0
  #allIds: Buffer | undefined

  /**
   * Opens the index at `path`; call `close` in the end. Throws PackSurprise, and errors of the file
   * system.
   */
  constructor(path: string, idBytes: number) {
    this.#idBytes = idBytes
    this.#file = openRegularFile(path)
    try {
      const { size } = fstatSync(this.#file)
      const head = this.#read(0, Buffer.alloc(Math.min(size, INDEX_HEAD_BYTES)))
      this.#head = readIndexHead(head, size, idBytes)
      this.packChecksum = this.#read(size - 2 * idBytes, Buffer.alloc(idBytes)).toString('hex')
    } catch (error) {
      closeSync(this.#file)
      throw error
    }
  }

  /** True when the index has the ID that stands at `at`. */
  has(bytes: Uint8Array, at: number): boolean {
    const { fanout } = this.#head
    const first = bytes[at] ?? 0
    const from = first === 0 ? 0 : (fanout[first - 1] ?? 0)
    const to = fanout[first] ?? 0
    const fraction = (((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)) / 65_536
    const expected = from + Math.floor((to - from) * fraction)
    const low = Math.max(from, expected - MAX_DEVIATION)
    const high = Math.min(to, expected + MAX_DEVIATION)
    const place = this.#insertionPoint(bytes, at, low, high)
    if (place === undefined) return true
    const isOutside = (place === low && low > from) || (place === high && high < to)
    return isOutside && this.#insertionPoint(bytes, at, from, to) === undefined
  }

  close(): void {
    closeSync(this.#file)
  }

  /**
   * Searches the IDs from one place up to another. Returns undefined when the ID is among them,
   * else the place where it would be inserted.
   */
  #insertionPoint(bytes: Uint8Array, at: number, from: number, to: number): number | undefined {
    const { idStep } = this.#head
    const ids = this.#idsBetween(from, to)
    let [low, high] = [from, to]
    while (low < high) {
      const middle = (low + high) >>> 1
      const id = (middle - from) * idStep
      let byte = 0
      while (byte < this.#idBytes && ids[id + byte] === bytes[at + byte]) byte += 1
      if (byte === this.#idBytes) return undefined
      if ((ids[id + byte] ?? 0) < (bytes[at + byte] ?? 0)) low = middle + 1
      else high = middle
    }
    return low
  }

  #idsBetween(from: number, to: number): Buffer {
    const { idsAt, idStep, count } = this.#head
    this.#idsRead += to - from
    // Once as many IDs were read as there are, reading all of them is faster.
    if (this.#idsRead > count) this.#allIds ??= this.#read(idsAt, Buffer.alloc(count * idStep))
    if (this.#allIds !== undefined) return this.#allIds.subarray(from * idStep, to * idStep)
    return this.#read(idsAt + from * idStep, this.#bufferOf((to - from) * idStep))
  }

  #bufferOf(length: number): Buffer {
    if (this.#buffer === undefined || this.#buffer.length < length)
      this.#buffer = Buffer.alloc(Math.max(length, 2 * MAX_DEVIATION * this.#head.idStep))
    return this.#buffer.subarray(0, length)
  }

  /** Reads into a buffer, and fills the rest of it with zeros when the file ends before. */
  #read(position: number, into: Buffer): Buffer {
    into.fill(0, readFully(this.#file, { into, at: 0, length: into.length, position }))
    return into
  }
}
