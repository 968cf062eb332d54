import type { ObjectKind } from '../../model/model.ts'
import type { Shard } from '../../model/shard.ts'
import type { ObjectFilter } from '../objects/object-filter.ts'
import type { ObjectReader } from '../objects/objects.ts'
import type { ScanCacheFile } from './cache/scan-cache.ts'
import type { ScanRecorder } from './cache/scan-recorder.ts'
import type { LooseFile } from './loose-object.ts'
import type { StoreCheck } from './store-check.ts'
import type { ObjectLocations } from './walk/connectivity-check.ts'
import type { FilterSession } from './walk/filter-session.ts'
import type { WorkerPool, WorkerProgram } from './workers/worker-pool.ts'

/** Options of a `PackReader`. */
export interface PackReaderOptions {
  /** The folder of the repository's objects. */
  readonly objects: string
  /** Bytes of an object ID: 20 (SHA-1) or 32 (SHA-256). */
  readonly idBytes: number
  readonly kernel: 'auto' | 'pack' | 'zlib'
  /** Threads to read with. Small packs are read with fewer. */
  readonly threads: number
  /** The program that worker threads run; without one, this thread reads alone. */
  readonly program: WorkerProgram | undefined
  /** Reads the objects that the pack reader cannot. */
  readonly git: ObjectReader
  /** Larger blobs are skipped, and reported as too large. */
  readonly maxBlobBytes: number
  /** The cache file for the results of scans. */
  readonly scanCache: ScanCacheFile | undefined
  /** Checks the packs. Only a store without damage is cached, or read from the cache. */
  readonly storeCheck: Pick<StoreCheck, 'run' | 'isSound'>
  /** Bytes of packs that justify one more thread. */
  readonly bytesPerThread?: number
}

/** Which objects of a plan to read, and how. */
export interface ReadRequest {
  /** A value of `EntrySelection` for each entry of the plan. */
  readonly selection: Uint8Array
  /** Default: all loose objects of the plan. */
  readonly loose?: readonly LooseFile[]
  /** Default: all kinds. */
  readonly kinds?: readonly ObjectKind[] | undefined
  /** Default: every object is emitted. */
  readonly filter?: ObjectFilter | undefined
  readonly shard?: Shard | undefined
  /** Worker threads that read packs in parallel with this one. */
  readonly pool?: WorkerPool | undefined
  /** Locations of all objects of the repository, when the plan has only some of them. */
  readonly locations?: ObjectLocations
  /** Continues with the results of packs that an earlier scan has read. */
  readonly recorder?: ScanRecorder
  /** Whether to log how trees and commits differ, for attribution. */
  readonly logsTreeDiffs?: boolean
}

/** The part of a `ReadRequest` that packs answer. */
export interface PackReadRequest extends ReadRequest {
  readonly session: FilterSession | undefined
  /** Receives the IDs of objects that git has to read. */
  readonly unreadIds: string[]
}
