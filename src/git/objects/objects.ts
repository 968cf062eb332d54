import type { ObjectKind, Skip } from '../../model/model.ts'
import type { TreeDiffLog } from './tree-diff-log.ts'
import type { Shard } from '../../model/shard.ts'
import type { ObjectFilter, FilterStats } from './object-filter.ts'
import type { ByteWindow } from './windows.ts'

/** An object of the store, or one window of a large blob. */
export interface GitObject extends ByteWindow {
  readonly id: string
  readonly kind: ObjectKind
  readonly size: number
}

/**
 * What is at hand. Take all of it before the next; the bytes of an object are valid until the next
 * object.
 */
export type ObjectBatch = Iterable<GitObject | Skip>
export type FilteredBatch = Iterable<GitObject | Skip | FilterStats>

/**
 * What a store held when it was read: its packs by their checksums, and the loose objects that were
 * in none.
 */
export interface StoreState {
  readonly packs: readonly string[]
  readonly loose: readonly string[]
}

/** What has come to a store since, when all that it held is still there. */
export interface NewObjects {
  readonly state: StoreState
  /** Names of commits, in any order. */
  readonly commits: readonly string[]
  /** Is it an object that was not there then? */
  readonly isNew: (id: string) => boolean
}

/**
 * Names of objects from which one walks; taken apart only where they are not the same as before.
 */
export interface ConnectivityRoots {
  /** Differs where they do. */
  readonly digest: () => string
  readonly ids: () => ReadonlySet<string>
}

/** Gives the content of objects. What it cannot read it gives as a Skip that names the object. */
export interface ObjectReader {
  /** For the receipt. */
  readonly name: string
  /**
   * Every object in the store (of these kinds only, and without those of which something was
   * noted), alternates' too, in the order that is fastest to read.
   */
  readAll(
    signal: AbortSignal,
    kinds?: readonly ObjectKind[],
    without?: TreeDiffLog,
  ): AsyncIterable<ObjectBatch>
  /**
   * The same; one that can asks for a sieve, if it needs one, leaves out what that finds nothing
   * in, and says how much that was. With a shard only the objects of that, and trees of others,
   * which have names of its blobs.
   */
  readFiltered(
    sieve: () => ObjectFilter,
    signal: AbortSignal,
    shard?: Shard,
  ): AsyncIterable<FilteredBatch>
  /** The named objects, in the order that is fastest to read. */
  readObjects(ids: readonly string[], signal: AbortSignal): AsyncIterable<ObjectBatch>
  /** Does it notice, sifting, when an object refers to one that is not there? */
  readonly checksConnectivity: boolean
  /** Are all of them in the store? A reader that does not know says no. */
  hasAll(points: ConnectivityRoots): boolean
  /** What it read `all` of, to ask later what has come since; undefined where it cannot tell. */
  readonly state?: StoreState | undefined
  /** What it noted of the same store while it sifted; undefined where it does not. */
  readonly treeDiffLog?: TreeDiffLog | undefined
  /** Undefined where something of it is gone, or that cannot be told. */
  objectsSince?(state: StoreState): NewObjects | undefined
  /**
   * Told of which objects that it gave something was said; the others it need not give again to who
   * asks for the same.
   */
  recordScan?(isSpokenOf: (object: string) => boolean): void
  /** Lets go of open files. */
  close(): void
}
