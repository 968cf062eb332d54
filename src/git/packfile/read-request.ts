import type { Shard } from '../../model/shard.ts'
import type { ObjectFilter } from '../objects/object-filter.ts'
import type { ObjectKind } from '../../model/model.ts'
import type { WorkerPool } from './workers/worker-pool.ts'
import type { ScanRecorder } from './cache/scan-recorder.ts'
import type { KnownObjects } from './walk/connectivity-check.ts'
import type { LooseFile } from './loose-object.ts'
import type { FilterSession } from './walk/filter-session.ts'

/** What is to be read of a plan, and how. */
export interface ReadRequest {
  readonly marks: Uint8Array
  /** Default: all of the plan. */
  readonly loose?: readonly LooseFile[]
  readonly kinds?: readonly ObjectKind[] | undefined
  readonly sieve?: ObjectFilter | undefined
  readonly shard?: Shard | undefined
  /** Who reads as well. */
  readonly crew?: WorkerPool | undefined
  /** Where objects are, if it is not in this plan alone. */
  readonly known?: KnownObjects
  /** What was learned of other packs. */
  readonly learned?: ScanRecorder
  /** Is to be noted what is seen of trees and commits? */
  readonly noting?: boolean
}

export interface PackReadRequest extends ReadRequest {
  readonly sifting: FilterSession | undefined
  /** Gets the names of what is left to git. */
  readonly unread: string[]
}
