import { PREFIX_BYTES } from '../../objects/tree-diff-log.ts'
import type { ByteStrings } from './byte-strings.ts'

/** A set of three-byte prefixes of object ids: a fast test that rules out nearly all other ids. */
export class PrefixSet {
  readonly #bits = new Uint8Array(1 << (8 * PREFIX_BYTES - 3))

  static of(ids: ByteStrings): PrefixSet {
    const set = new PrefixSet()
    for (let number = 0; number < ids.count; number += 1) set.add(ids.bytesOf(number), 0)
    return set
  }

  add(bytes: Uint8Array, at: number): void {
    const prefix = prefixAt(bytes, at)
    this.#bits[prefix >>> 3] = (this.#bits[prefix >>> 3] ?? 0) | (1 << (prefix & 7))
  }

  has(prefix: number): boolean {
    return ((this.#bits[prefix >>> 3] ?? 0) & (1 << (prefix & 7))) !== 0
  }
}

/** Reads the prefix of an id as a number: `3b 18 e5` is 0x3b18e5. */
export function prefixAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
}
