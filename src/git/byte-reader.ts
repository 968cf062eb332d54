const START_BYTES = 1 << 20

/**
 * Reads a stream of chunks as lines and runs of bytes, in one buffer that is used again and again.
 * What `take` gives is valid until the next `fill`.
 */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>
  #buffer = Buffer.allocUnsafeSlow(START_BYTES)
  #from = 0
  #to = 0
  #ended = false

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  /** Are that many bytes at hand? */
  has(count: number): boolean {
    return this.#to - this.#from >= count
  }

  /** Reads on until that many bytes are at hand; false when the stream ended before. */
  async fill(count: number): Promise<boolean> {
    while (!this.has(count) && !this.#ended) {
      const next = await this.#chunks.next()
      if (next.done) this.#ended = true
      else this.#append(next.value, count)
    }
    return this.has(count)
  }

  /** The next bytes, which must be at hand, without going past them. */
  peek(count: number): Buffer {
    return this.#buffer.subarray(this.#from, this.#from + count)
  }

  /** The next bytes, which must be at hand. */
  take(count: number): Buffer {
    const bytes = this.peek(count)
    this.#from += count
    return bytes
  }

  /** The next line without its end when it is at hand, else undefined. */
  line(): Buffer | undefined {
    const at = this.#buffer.subarray(this.#from, this.#to).indexOf(10)
    if (at < 0) return undefined
    const bytes = this.take(at)
    this.#from += 1
    return bytes
  }

  /** The next line, read on for if need be; undefined at the end of the stream or when it is longer than `limit`. */
  async nextLine(limit: number): Promise<Buffer | undefined> {
    for (;;) {
      const line = this.line()
      if (line !== undefined) return line
      const have = this.#to - this.#from
      if (have > limit || !(await this.fill(have + 1))) return undefined
    }
  }

  /** What is left at the end of a stream that stopped in the middle. */
  rest(): Buffer {
    return this.take(this.#to - this.#from)
  }

  #append(chunk: Uint8Array, wanted: number): void {
    const have = this.#to - this.#from
    if (this.#to + chunk.length > this.#buffer.length) {
      const room = Math.max(wanted, have + chunk.length)
      if (room > this.#buffer.length) {
        const larger = Buffer.allocUnsafeSlow(Math.max(room, Math.min(this.#buffer.length * 2, room * 2)))
        this.#buffer.copy(larger, 0, this.#from, this.#to)
        this.#buffer = larger
      } else {
        this.#buffer.copyWithin(0, this.#from, this.#to)
      }
      this.#from = 0
      this.#to = have
    }
    this.#buffer.set(chunk, this.#to)
    this.#to += chunk.length
  }
}
