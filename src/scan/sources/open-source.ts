/** Types, and the reader of objects, shared by the functions that turn a target into a source. */
import { availableParallelism } from 'node:os'
import { catFileReader } from '../../git/objects/cat-file-reader.ts'
import type { Refs } from '../../git/commands/refs.ts'
import type { Repository } from '../../git/commands/repository.ts'
import type { ObjectFilter } from '../../git/objects/object-filter.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import type { CacheLocation } from '../../git/objects/signed-cache-file.ts'
import type { WorkerProgram } from '../../git/packfile/workers/worker-pool.ts'
import type { Limits } from '../../model/limits.ts'
import type { Source } from '../../model/model.ts'
import type { ReaderChoice, Target } from '../../model/target.ts'
import type { ShardView } from '../shards/shard-view.ts'
import type { CommitRange } from './range.ts'
import type { TextAtRevision } from './text-at-revision.ts'

/** A source, and what later stages of the scan need to know about its repository. */
export interface OpenSource {
  readonly source: Source
  readonly repository?: Repository
  readonly reader?: ObjectReader
  /** Lists the refs of the repository, once for all callers. */
  readonly refs?: () => Promise<Refs>
  /** Folder and key file of caches that later scans read; absent when nothing may be cached. */
  readonly cacheLocation?: CacheLocation | undefined
  /** Ends of the range, as the receipt shows them. */
  readonly range?: CommitRange['receiptRange']
  /** Reads files as of the commit whose inline markers count. */
  readonly markerBaseText?: TextAtRevision
  /** Describes the objects of all shards that this clone holds; present when a shard is scanned. */
  readonly shardView?: (signal: AbortSignal) => Promise<ShardView>
}

/** Folder, environment, limits and other settings with which a target is opened. */
export interface OpenContext {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly limits: Limits
  /** Ways to read the objects of a history. */
  readonly reader: ReaderChoice
  /** True when a history scan may read and write caches in the repository. */
  readonly cache: boolean
  /** Commit whose inline markers count; without one all do. */
  readonly markersAsOf: string | undefined
  readonly filters: FilterFactory
}

/** The target with this name. */
export type TargetOf<Name extends Target['name']> = Extract<Target, { readonly name: Name }>

/** Makes filters, with which readers skip objects that no rule can find anything in. */
export interface FilterFactory {
  readonly createFilter: (idBytes: number) => ObjectFilter
  /** Program for threads that filter in parallel; undefined when one thread does all. */
  readonly program: () => WorkerProgram | undefined
  /** Differs between rule sets and between versions of Oakum, as caches of clean objects must. */
  readonly digest: () => string
}

/** More `git cat-file` processes than this do not make a scan faster. */
const MAX_GIT_PROCESSES = 4

/** Reads objects through as many `git cat-file` processes as the limits and the cores allow. */
export function gitReader(repository: Repository, { jobs, maxBlobBytes }: Limits): ObjectReader {
  const processes = Math.min(jobs, availableParallelism(), MAX_GIT_PROCESSES)
  return catFileReader(repository, Math.max(1, processes), maxBlobBytes)
}
