import type { ObjectIdTable } from '../../objects/tree-diff-log.ts'
import { ByteStrings } from './byte-strings.ts'

/** Object ids by number. Ids that a reader has numbered keep their numbers; others follow them. */
export class ObjectIds {
  readonly #idBytes: number
  readonly #table: ObjectIdTable | undefined
  readonly #added = new ByteStrings({ areHashes: true })

  constructor(idBytes: number, table: ObjectIdTable | undefined) {
    this.#idBytes = idBytes
    this.#table = table
  }

  numberOf(bytes: Uint8Array, from: number): number {
    const number = this.#table?.find(bytes, from) ?? -1
    return number >= 0
      ? number
      : this.#firstAdded + this.#added.numberOf(bytes, from, from + this.#idBytes)
  }

  /** Returns the id with a number. Valid until an id is added. */
  bytesOf(number: number): Buffer {
    if (this.#table === undefined || number >= this.#firstAdded)
      return this.#added.bytesOf(number - this.#firstAdded)
    const { buffer, byteOffset } = this.#table.bytes
    return Buffer.from(buffer, byteOffset + number * this.#idBytes, this.#idBytes)
  }

  /** The number of the first id that is not in the reader's table. */
  get #firstAdded(): number {
    return this.#table?.count ?? 0
  }
}
