import type { ObjectIdTable } from '../../objects/tree-diff-log.ts'
import { ByteStrings } from './byte-strings.ts'

/**
 * Names of objects by number: those that a reader has numbered keep that, others come behind them.
 */
export class ObjectIds {
  readonly #idBytes: number
  readonly #known: ObjectIdTable | undefined
  readonly #others = new ByteStrings({ areHashes: true })

  constructor(idBytes: number, known: ObjectIdTable | undefined) {
    this.#idBytes = idBytes
    this.#known = known
  }

  numberOf(bytes: Uint8Array, from: number): number {
    const known = this.#known?.find(bytes, from) ?? -1
    return known >= 0
      ? known
      : this.#first + this.#others.numberOf(bytes, from, from + this.#idBytes)
  }

  /** The bytes of a number; valid until one is added. */
  bytesOf(number: number): Buffer {
    if (this.#known === undefined || number >= this.#first)
      return this.#others.bytesOf(number - this.#first)
    const { buffer, byteOffset } = this.#known.bytes
    return Buffer.from(buffer, byteOffset + number * this.#idBytes, this.#idBytes)
  }

  /** Of those that come behind. */
  get #first(): number {
    return this.#known?.count ?? 0
  }
}
