const START_BYTES = 1 << 20

/**
 * Reads appended chunks as lines and runs of bytes, in one buffer that is used again and again.
 * What `peek`, `take` and `line` give is valid until the next `append`.
 */
export class ByteReader {
  #buffer = Buffer.allocUnsafeSlow(START_BYTES)
  #from = 0
  #to = 0

  append(chunk: Uint8Array): void {
    if (this.#to + chunk.length > this.#buffer.length) this.#makeRoom(chunk.length)
    this.#buffer.set(chunk, this.#to)
    this.#to += chunk.length
  }

  /** Bytes at hand. */
  get length(): number {
    return this.#to - this.#from
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

  /** The next line as text, without its end; undefined when its end is not at hand. */
  line(): string | undefined {
    const at = this.#buffer.subarray(this.#from, this.#to).indexOf(10)
    if (at < 0) return undefined
    const text = this.#buffer.toString('latin1', this.#from, this.#from + at)
    this.#from += at + 1
    return text
  }

  #makeRoom(count: number): void {
    const have = this.length
    if (have + count > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(have + count, this.#buffer.length * 2))
      this.#buffer.copy(larger, 0, this.#from, this.#to)
      this.#buffer = larger
    } else {
      this.#buffer.copyWithin(0, this.#from, this.#to)
    }
    this.#from = 0
    this.#to = have
  }
}
