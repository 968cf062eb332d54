/**
 * A compact log of trees and commits, written by the pack reader while it scans, so that
 * attribution need not read these objects again.
 */
import type { ObjectKind } from '../../model/model.ts'
import { wordAt } from './bytes.ts'

/**
 * The log of a store. Objects have numbers, and so have ids. A record is the object's number, the
 * number of content bytes, the content, and up to three bytes of padding to an even address.
 * Numbers have 32 bits, lowest byte first. Content:
 * ```
 * of a commit   the number of its tree's id, then of each parent's id
 * of a tree     one change after the other
 *   02 3b18e5 77c012        two entries that are no folders: three bytes of each object's id
 *   00 0300 5a010000 src    a folder whose version in the base differs: length of its name,
 *                           number of its id, name
 *   fe 0300 00000000 src    a folder that only the base has; it has no id number
 *   ff 0300 5a010000 src    a folder that only this tree has
 * ```
 * A tree that is a delta has a base, and its record lists the differences from the base only. An
 * entry that is no folder is listed without saying which of the two trees has it. Changes are in
 * git's order of entries, each once.
 */
export interface TreeDiffLog {
  /** Chunks of records. In each list the record of a delta follows the record of its base. */
  readonly chunkLists: readonly (readonly Uint8Array[])[]
  /** True when every object that a logged object refers to is in the store. */
  readonly isComplete: boolean
  /** Exclusive upper bound of object numbers. */
  readonly limit: number
  kindOf(object: number): ObjectKind
  /** Returns the number of the delta base of an object, or -1. */
  baseOf(object: number): number
  /** Ids of all objects in the store, logged or not. */
  readonly ids: ObjectIdTable
  /** Returns the number of an object's id. Two copies of one object share an id. */
  idNumberOf(object: number): number
}

/** Object ids by number. */
export interface ObjectIdTable {
  readonly idBytes: number
  readonly count: number
  /** All ids, one behind the other. */
  readonly bytes: Uint8Array
  /** Returns the number of the id that stands at an offset, or -1. */
  find(bytes: Uint8Array, at: number): number
}

/** The first byte of a change to a folder. Any other value counts the entries that follow. */
export const FolderChange = { changed: 0, removed: 254, added: 255 } as const

/** The number of bytes of an id that are logged for an entry that is no folder. */
export const PREFIX_BYTES = 3

/** The bytes from one offset up to, and without, another. */
export interface ByteRange {
  readonly bytes: Uint8Array
  readonly from: number
  readonly to: number
}

/**
 * Calls `visit` for each record with the object's number and its content. The range is reused for
 * the next record, since there are hundreds of thousands of them.
 */
export function forEachLogged(
  { chunkLists }: TreeDiffLog,
  visit: (object: number, content: ByteRange) => void,
): void {
  for (const chunks of chunkLists) {
    for (const bytes of chunks) {
      const content = { bytes, from: 0, to: 0 }
      for (let at = 0; at < bytes.length; at = (content.to + 3) & ~3) {
        content.from = at + 8
        content.to = content.from + wordAt(bytes, at + 4)
        visit(wordAt(bytes, at), content)
      }
    }
  }
}
