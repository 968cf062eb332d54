import type { ObjectKind } from '../../model/model.ts'

/**
 * What a reader noted of trees and commits while it sifted, so that they need not be read again to
 * tell who brought something in.
 *
 * An object goes by a number, and its name by another. Of each object stands there its number and
 * how many bytes follow; these; and up to three bytes more, so that the next begins at an even
 * address. Numbers have 32 bits, lowest first.
 * ```
 * of a commit   the number of its tree's name, then of each parent's
 * of a tree     one entry after the other
 *   02 3b18e5 77c012        two that are no folders: the first three bytes of their objects' names
 *   00 0300 5a010000 src    a folder of which what it is based on has another version: how long its name is, the number of its object's, and its name
 *   fe 0300 00000000 src    a folder that only what it is based on has; no number
 *   ff 0300 5a010000 src    a folder that only this tree has
 * ```
 * Of a tree that is based on another only what differs is noted, and of what is no folder not which
 * of the two has it. Entries are in git's order, each once.
 */
export interface TreeDiffLog {
  /** What each has stands behind that of what it is based on, in the same list. */
  readonly chunkLists: readonly (readonly Uint8Array[])[]
  /** Is all there that objects refer to? */
  readonly isComplete: boolean
  /** No object has this number, or a greater one. */
  readonly limit: number
  kindOf(object: number): ObjectKind
  /** The number of what it is based on, or -1. */
  baseOf(object: number): number
  /** Names of all objects there are, also of those of which nothing was noted. */
  readonly ids: ObjectIdTable
  /** The number of an object's name; of what is there twice the same. */
  idNumberOf(object: number): number
}

/** Names of objects by number. */
export interface ObjectIdTable {
  readonly idBytes: number
  readonly count: number
  /** One behind the other. */
  readonly bytes: Uint8Array
  /** The number of the name that stands somewhere, or -1. */
  find(bytes: Uint8Array, at: number): number
}

/** Stand before what a folder is noted by; before others stands how many they are. */
export const FolderChange = { changed: 0, removed: 254, added: 255 } as const

/** So many first bytes of an object's name are noted of what is no folder. */
export const PREFIX_BYTES = 3

/** What stands from a place up to, and without, another. */
export interface ByteRange {
  readonly bytes: Uint8Array
  readonly from: number
  readonly to: number
}

/**
 * Calls for each object with what was noted of it, which holds until the next call: there are
 * hundreds of thousands.
 */
export function forEachLogged(
  { chunkLists: lists }: TreeDiffLog,
  visit: (object: number, noted: ByteRange) => void,
): void {
  for (const list of lists) {
    for (const bytes of list) {
      const noted = { bytes, from: 0, to: 0 }
      for (let at = 0; at < bytes.length; at = (noted.to + 3) & ~3) {
        noted.from = at + 8
        noted.to = noted.from + wordAt(bytes, at + 4)
        visit(wordAt(bytes, at), noted)
      }
    }
  }
}

/** `5a 01 00 00` → 346. */
export function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  )
}
