import type { ObjectKind, Skip } from '../model.ts'
import type { ByteWindow } from './windows.ts'

/** An object of the store, or one window of a large blob. */
export interface GitObject extends ByteWindow {
  readonly id: string
  readonly kind: ObjectKind
  readonly size: number
}

/** What is at hand. Take all of it before the next; bytes are valid until then. */
export type ObjectBatch = Iterable<GitObject | Skip>

/** Gives the content of objects. What it cannot read it gives as a Skip that names the object. */
export interface ObjectReader {
  /** For the receipt. */
  readonly name: string
  /** Every object in the store (of these kinds only), alternates' too, in the order that is fastest to read. */
  all(signal: AbortSignal, kinds?: readonly ObjectKind[]): AsyncIterable<ObjectBatch>
  /** The named objects, in the order that is fastest to read. */
  some(ids: readonly string[], signal: AbortSignal): AsyncIterable<ObjectBatch>
}
