import type { ObjectReader } from '../objects/objects.ts'
import type { WorkerProgram } from './workers/worker-pool.ts'
import type { ScanCacheFile } from './cache/scan-cache.ts'

/** How packs are read. */
export interface PackReaderOptions {
  /** Folder of the repository's objects. */
  readonly objects: string
  readonly idBytes: number
  readonly kernel: 'auto' | 'pack' | 'zlib'
  /** Threads to read with; more than one only where there is much to read. */
  readonly threads: number
  /** What other threads run. */
  readonly program: WorkerProgram | undefined
  /** Reads what is not as expected. */
  readonly git: ObjectReader
  /** Larger blobs are skipped (bounded). */
  readonly maxBlobBytes: number
  /** Where to keep what was learned. */
  readonly memory: ScanCacheFile | undefined
  /** Size of packs that are worth a thread. */
  readonly bytesPerThread?: number
}
