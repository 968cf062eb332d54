/** Reads lines and fixed numbers of bytes from a stream of chunks. */

const INITIAL_BYTES = 1 << 20

/**
 * A buffer of streamed bytes: chunks are appended, and lines or runs of bytes are read. The bytes
 * that `peek` and `take` return are valid until the next `append`.
 */
export class ByteReader {
  #buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES)
  #from = 0
  #to = 0

  append(chunk: Uint8Array): void {
    if (this.#to + chunk.length > this.#buffer.length) this.#makeRoom(chunk.length)
    this.#buffer.set(chunk, this.#to)
    this.#to += chunk.length
  }

  /** Number of bytes that were appended and not read. */
  get length(): number {
    return this.#to - this.#from
  }

  /** Returns the next bytes without reading past them. There must be as many. */
  peek(count: number): Buffer {
    return this.#buffer.subarray(this.#from, this.#from + count)
  }

  /** Reads the next bytes. There must be as many. */
  take(count: number): Buffer {
    const bytes = this.peek(count)
    this.#from += count
    return bytes
  }

  /** Reads the next line without its line feed; undefined when its line feed has not arrived. */
  line(): string | undefined {
    const length = this.#buffer.subarray(this.#from, this.#to).indexOf(10)
    if (length < 0) return undefined
    const text = this.#buffer.toString('latin1', this.#from, this.#from + length)
    this.#from += length + 1
    return text
  }

  #makeRoom(count: number): void {
    const unread = this.length
    if (unread + count > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(unread + count, this.#buffer.length * 2))
      this.#buffer.copy(larger, 0, this.#from, this.#to)
      this.#buffer = larger
    } else {
      this.#buffer.copyWithin(0, this.#from, this.#to)
    }
    this.#from = 0
    this.#to = unread
  }
}
