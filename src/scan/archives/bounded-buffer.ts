/** Puts chunks together in one piece of memory, which the system lends only as it is filled. */
export class BoundedBuffer {
  readonly #bytes: Buffer
  #length = 0

  constructor(maxBytes: number) {
    this.#bytes = Buffer.allocUnsafeSlow(maxBytes)
  }

  /** False when there is no room for the chunk. */
  add(chunk: Uint8Array): boolean {
    if (this.#length + chunk.length > this.#bytes.length) return false
    this.#bytes.set(chunk, this.#length)
    this.#length += chunk.length
    return true
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }
}
