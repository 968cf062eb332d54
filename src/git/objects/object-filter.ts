/** The interface between a reader of objects and the rules, by which it skips clean objects. */
import type { ObjectKind, RepoPath } from '../../model/model.ts'
import type { WasmInstance } from '../wasm/instantiate.ts'

/**
 * Tells a reader which objects may contain a finding, so that the reader need not hand out the
 * others. The result depends only on the bytes around the keywords in an object. A reader that has
 * the result for one version of a file therefore inspects only the differences of the next version,
 * and as many bytes around them as the results of both say.
 */
export interface ObjectFilter {
  /** Bytes of the longest keyword: a new keyword lies no farther than that from a new byte. */
  readonly longestKeyword: number
  /** Bytes at the start of a blob that `needsWholeBlob` looks at. */
  readonly headBytes: number
  /** True when a blob that begins with these bytes shows its content only as a whole. */
  needsWholeBlob(head: Uint8Array): boolean
  /** Inspects an object, or its new bytes together with its first and last ones. */
  inspect(bytes: Uint8Array, kind: ObjectKind): FilterResult
  /** Receives the memory in which the inspected bytes will lie, so that they need not be copied. */
  shareMemory(instance: WasmInstance): void
  /** Fragments of three or more bytes. Every file name of interest contains at least one. */
  readonly nameFragments: readonly string[]
  /**
   * Collects the blobs that a tree names as env files. `offsets` lists every position at which a
   * fragment may be new, when that is known.
   */
  collectNames(tree: Uint8Array, offsets?: Iterable<number>): void
  /** Returns the files of interest in the trees that were collected since the last call. */
  takeNames(): readonly NamedBlob[]
}

/**
 * The result of a filter for some bytes. Without a finding it is the greatest number of bytes on
 * each side of a keyword that the result depends on; UTF-16 takes two for a character.
 * `noKeyword`: the bytes contain no keyword, so only a new one next to changed bytes could change
 * the result. `inspectWhole`: any change requires inspecting the whole object. `found`: there is a
 * finding.
 */
export type FilterResult = number
export const FilterResult = { noKeyword: 0, inspectWhole: 2 ** 28, found: 2 ** 29 } as const

/** A blob that a tree names like a file that has to be read in a special way. */
export interface NamedBlob {
  readonly object: string
  readonly name: RepoPath
}

/** The objects that a filter skipped as clean, and facts that were learned on the way. */
export interface FilterStats {
  readonly skippedClean: Readonly<Record<ObjectKind, number>>
  readonly bytes: number
  readonly names: readonly NamedBlob[]
  /** True when every object that these objects refer to exists. */
  readonly isConnected: boolean
  /** Ids of the referred objects that are in no pack. */
  readonly looseIds: readonly string[]
}
