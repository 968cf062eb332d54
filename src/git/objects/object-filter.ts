import type { ObjectKind, RepoPath } from '../../model/model.ts'
import type { WasmInstance } from '../wasm/instantiate.ts'

/**
 * Tells quickly which objects deserve a closer look, so that a reader need not hand out the others.
 * What it says of an object depends alone on what stands around the keywords in it: a reader that
 * knows the answer for one version of a file asks about the next only where they differ, and around
 * that as far as the keywords in both reach.
 */
export interface ObjectFilter {
  /** Bytes of it: a new one in a blank object is no farther from what is new. */
  readonly longestKeyword: number
  /** Bytes at the beginning of a blob that say of what kind it is. */
  readonly headBytes: number
  /** Is a blob that begins so of a kind that shows only to who takes all of it? */
  needsWholeBlob(head: Uint8Array): boolean
  /** Looks at an object, or at what is new in it with its first and last bytes. */
  inspect(bytes: Uint8Array, kind: ObjectKind): FilterResult
  /**
   * Told in whose memory the bytes will lie that it looks at, if it is known, so that it need not
   * copy them.
   */
  shareMemory(instance: WasmInstance): void
  /** Of these bytes, three or more, each name has one that a tree is looked at for. */
  readonly nameFragments: readonly string[]
  /**
   * Learns which blobs a tree names as env files. `places` has all where a mark stands that may be
   * new, if that is known.
   */
  collectNames(tree: Uint8Array, places?: Iterable<number>): void
  /** Files that trees noted since the last call name as env files. */
  takeNames(): readonly NamedBlob[]
}

/**
 * What a sieve says of bytes. Where it finds nothing: how many bytes on each side of a keyword that
 * hangs on, at most, which in UTF-16 are two for one. In `blank` ones no keyword stands, so that
 * nothing can be new but next to what is; what changes `close` ones must be looked at whole.
 */
export type FilterResult = number
export const FilterResult = { noKeyword: 0, inspectWhole: 2 ** 28, found: 2 ** 29 } as const

/** A blob that some tree has under a name that says how to read it. */
export interface NamedBlob {
  readonly object: string
  readonly name: RepoPath
}

/** Objects that a sieve let pass, and what was learned meanwhile. */
export interface FilterStats {
  readonly skippedClean: Readonly<Record<ObjectKind, number>>
  readonly bytes: number
  readonly names: readonly NamedBlob[]
  /** Did all that these objects refer to turn out to be there? */
  readonly isConnected: boolean
  /** Names of those of them that are in no pack. */
  readonly looseIds: readonly string[]
}
