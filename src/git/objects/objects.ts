/** The interface of the readers of git objects, and the objects that they return. */
import type { ObjectKind, Skip } from '../../model/model.ts'
import type { Shard } from '../../model/shard.ts'
import type { FilterStats, ObjectFilter } from './object-filter.ts'
import type { TreeDiffLog } from './tree-diff-log.ts'
import type { ByteWindow } from './windows.ts'

/** An object of the store, or one window of a large blob. */
export interface GitObject extends ByteWindow {
  readonly id: string
  readonly kind: ObjectKind
  readonly size: number
}

/**
 * Objects that have been read. Consume a batch before the next one; the bytes of an object are
 * valid until the next object.
 */
export type ObjectBatch = Iterable<GitObject | Skip>
export type FilteredBatch = Iterable<GitObject | Skip | FilterStats>

/** The content of a store: its packs by their checksums, and its loose objects outside packs. */
export interface StoreState {
  readonly packs: readonly string[]
  readonly loose: readonly string[]
}

/** The objects that were added to a store since an earlier state. */
export interface NewObjects {
  readonly state: StoreState
  /** Ids of the new commits, in any order. */
  readonly commits: readonly string[]
  /** True when the object was not in the earlier state. */
  readonly isNew: (id: string) => boolean
}

/** Ids of the objects at which a walk of the history begins. */
export interface ConnectivityRoots {
  /** Returns a digest that differs whenever the ids differ. */
  readonly digest: () => string
  readonly ids: () => ReadonlySet<string>
}

/** Reads the content of objects. An object that cannot be read becomes a Skip with its id. */
export interface ObjectReader {
  /** Name of the reader in the receipt. */
  readonly name: string
  /**
   * Reads every object of the store and of its alternates, in the order that is fastest. `kinds`
   * limits the kinds of objects, and `without` leaves out the objects of a log.
   */
  readAll(
    signal: AbortSignal,
    kinds?: readonly ObjectKind[],
    without?: TreeDiffLog,
  ): AsyncIterable<ObjectBatch>
  /**
   * Reads every object like `readAll`. A reader that can filter creates a filter, skips the objects
   * in which it finds nothing, and returns statistics of them. With a shard only the objects of the
   * shard are read, and the trees of other shards, which hold the names of its blobs.
   */
  readFiltered(
    createFilter: () => ObjectFilter,
    signal: AbortSignal,
    shard?: Shard,
  ): AsyncIterable<FilteredBatch>
  /** Reads the objects with these ids, in the order that is fastest. */
  readObjects(ids: readonly string[], signal: AbortSignal): AsyncIterable<ObjectBatch>
  /** True when filtered reading notices that an object refers to one that does not exist. */
  readonly checksConnectivity: boolean
  /** True when all roots are known to be in the store. */
  hasAll(roots: ConnectivityRoots): boolean
  /** State of the store that `readAll` read; undefined when the reader cannot tell. */
  readonly state?: StoreState | undefined
  /** Log of trees and commits that filtered reading wrote; undefined when there is none. */
  readonly treeDiffLog?: TreeDiffLog | undefined
  /** Returns undefined when an object of that state is gone, or when the reader cannot tell. */
  objectsSince?(state: StoreState): NewObjects | undefined
  /**
   * Tells the reader which of the objects it returned had a finding. A cache of the scan then skips
   * the others when the same is scanned again.
   */
  recordScan?(hasFinding: (object: string) => boolean): void
  /**
   * Yields a skip for each object whose content does not hash to its id. A reader without this
   * function verifies each object that it reads.
   */
  verifyObjects?(signal: AbortSignal): AsyncIterable<readonly Skip[]>
  /** Closes open files. */
  close(): void
}
