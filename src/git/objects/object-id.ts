/**
 * Recomputes the id of an object: the hash of its kind, its size and its content. Neither git
 * cat-file nor the checksum of a zlib stream tells that a file has the content of another object.
 */
import type { Hash } from 'node:crypto'
import { crypto } from '../../model/lazy-crypto.ts'
import type { ObjectKind, Skip } from '../../model/model.ts'
import type { GitObject } from './objects.ts'

/** Starts the hash of an object whose id has so many hexadecimal digits: 40 for SHA-1, else 64. */
function startHash(idLength: number, kind: ObjectKind, size: number): Hash {
  return crypto()
    .createHash(idLength === 40 ? 'sha1' : 'sha256')
    .update(`${kind} ${size}\0`)
}

/** True when the content of a whole object hashes to its id. */
export function hasId(id: string, kind: ObjectKind, content: Uint8Array): boolean {
  return startHash(id.length, kind, content.length).update(content).digest('hex') === id
}

/** Recomputes the ids of objects that arrive in windows, one object after the other. */
export class IdCheck {
  #hash: Hash | undefined
  #end = 0

  /** Adds a window. Returns false behind the last window of an object that has another id. */
  accepts({ id, kind, size, start, bytes, last }: GitObject): boolean {
    if (start === 0) {
      this.#hash = startHash(id.length, kind, size)
      this.#end = 0
    }
    // A window begins with the last bytes of the one before.
    this.#hash?.update(bytes.subarray(this.#end - start))
    this.#end = start + bytes.length
    return !last || this.#hash?.digest('hex') === id
  }
}

/** Says that an object is not the one that its id names. */
export const WRONG_ID = 'its content does not hash to its id'

/** Returns the skip for an object that is damaged. */
export function corruptSkip(object: string, detail: string): Skip {
  return { outcome: 'failed', reason: 'corrupt', object, detail }
}
