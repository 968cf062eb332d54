/** Joins chunks in memory of a fixed maximum size. The system commits pages only as they fill. */
export class BoundedBuffer {
  readonly #bytes: Buffer
  #length = 0

  constructor(maxBytes: number) {
    this.#bytes = Buffer.allocUnsafeSlow(maxBytes)
  }

  /** Appends a chunk; false when it does not fit. */
  add(chunk: Uint8Array): boolean {
    if (this.#length + chunk.length > this.#bytes.length) return false
    this.#bytes.set(chunk, this.#length)
    this.#length += chunk.length
    return true
  }

  /** Returns the chunks appended so far as one array, without a copy. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }
}
