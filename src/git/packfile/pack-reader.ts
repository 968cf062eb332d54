import type {
  ConnectivityRoots,
  FilteredBatch,
  NewObjects,
  ObjectBatch,
  ObjectReader,
  StoreState,
} from '../objects/objects.ts'
import type { TreeDiffLog } from '../objects/tree-diff-log.ts'
import type { ObjectFilter } from '../objects/object-filter.ts'
import type { ObjectKind, Skip } from '../../model/model.ts'
import type { Shard } from '../../model/shard.ts'
import type { ReadSummary, WorkerPool } from './workers/worker-pool.ts'
import { locationsIn } from './id-table.ts'
import type { Kernel } from './walk/kernel.ts'
import { createKernel } from './walk/kernels.ts'
import { ObjectReadWorker } from './workers/object-read-worker.ts'
import { ScanRecorder } from './cache/scan-recorder.ts'
import { ConnectivityCheck, locationsOf, type ObjectLocations } from './walk/connectivity-check.ts'
import type { ScanCache, ScanCacheFile } from './cache/scan-cache.ts'
import { objectsSince } from './cache/objects-since.ts'
import {
  idsWithoutRoot,
  planStore,
  selectEntries,
  selectionFor,
  selectionForShard,
  type StorePlan,
} from './plan/plan.ts'
import { subsetOf } from './subset.ts'
import { plainMemory, planMemory } from './plan/plan-memory.ts'
import { treeDiffLogOf, unloggedSelection } from './cache/unlogged-selection.ts'
import {
  type LooseReadRequest,
  objectsIn,
  readAllLoose,
  readPacks,
  sharedPlanOf,
  wrongIds,
} from './reading.ts'
import type { PackReaderOptions, PackReadRequest, ReadRequest } from './reader-options.ts'
import { CachedStoreReader } from './cache/cached-store.ts'
import { isReadFailure } from './pack-surprise.ts'
import { looseDamage } from './loose.ts'
import { bytesOfPacks, closePacks } from './store.ts'
import { FilterSession } from './walk/filter-session.ts'
import { EntrySelection } from './selection.ts'

/** Reading packs of this size takes about as long as starting a thread. */
const BYTES_PER_THREAD = 16 << 20

/** Git reads so many objects sooner than a plan is made. */
const MAX_IDS_FOR_GIT = 500

/**
 * Reads packs and loose objects without git. With a filter it inspects only what each version of an
 * object changes. Objects that it cannot read are left to git; when it cannot plan the store, git
 * reads all of it.
 */
export class PackReader implements ObjectReader {
  readonly checksConnectivity = true
  treeDiffLog: TreeDiffLog | undefined
  readonly #options: PackReaderOptions
  readonly #idleKernels: Kernel[] = []
  /** Undefined when large blobs are skipped: a cache without their secrets would be wrong. */
  readonly #scanCache: ScanCacheFile | undefined
  /** The results to write to the cache once the caller tells which objects it reported. */
  #recorder: ScanRecorder | undefined
  #store: StorePlan | undefined
  #locations: ObjectLocations | undefined
  #cachedRootsDigest: string | undefined
  readonly #cachedStores: CachedStoreReader
  /** Why the store could not be planned. */
  #surprise: string | undefined
  /** The number of objects that were left to git. */
  #unreadCount = 0

  constructor(options: PackReaderOptions) {
    this.#options = options
    this.#cachedStores = new CachedStoreReader(options.objects, options.idBytes)
    this.#scanCache = options.maxBlobBytes === Infinity ? options.scanCache : undefined
  }

  /** The reader that the receipt shows, with what was left to git and why. */
  get name(): string {
    const { git, kernel } = this.#options
    if (this.#surprise !== undefined) return `${git.name} (${this.#surprise})`
    const own = `pack-${this.#idleKernels[0]?.name ?? (kernel === 'zlib' ? 'zlib' : 'wasm')}`
    return this.#unreadCount === 0
      ? own
      : `${own}, ${this.#unreadCount} objects through ${git.name}`
  }

  async *readAll(
    signal: AbortSignal,
    kinds?: readonly ObjectKind[],
    log?: TreeDiffLog,
  ): AsyncGenerator<ObjectBatch> {
    const store = this.#plan()
    if (store === undefined) {
      yield* this.#options.git.readAll(signal, kinds)
      return
    }
    const selection =
      log === undefined ? selectionFor(store, kinds) : unloggedSelection(store, log, kinds)
    for await (const batch of this.#read(store, { selection, kinds }, signal))
      yield objectsIn(batch)
  }

  async *readFiltered(
    createFilter: () => ObjectFilter,
    signal: AbortSignal,
    shard?: Shard,
  ): AsyncGenerator<FilteredBatch> {
    const cache = shard === undefined ? this.#scanCache?.read() : undefined
    if (cache !== undefined && (yield* this.#readSince(cache, createFilter, signal))) return
    const pool = await this.#createPool()
    try {
      const store = this.#plan()
      if (store === undefined) {
        yield* this.#options.git.readFiltered(createFilter, signal, shard)
        return
      }
      const request: ReadRequest = {
        selection: shard ? selectionForShard(store, shard) : selectionFor(store),
        filter: createFilter(),
        shard,
        pool,
        logsTreeDiffs: shard === undefined,
      }
      yield* this.#read(store, request, signal)
    } finally {
      await pool?.terminate()
    }
  }

  async *readObjects(ids: readonly string[], signal: AbortSignal): AsyncGenerator<ObjectBatch> {
    const store = this.#store ?? (ids.length > MAX_IDS_FOR_GIT ? this.#plan() : undefined)
    const subset = store && subsetOf(store, ids)
    if (subset !== undefined && subset.unknownIds.length < ids.length)
      for await (const batch of this.#read(subset.store, subset, signal)) yield objectsIn(batch)
    const idsForGit = subset?.unknownIds ?? ids
    if (idsForGit.length > 0) yield* this.#options.git.readObjects(idsForGit, signal)
  }

  /** Verifies each copy of every packed object. Git's reader verifies what is left to it. */
  async *verifyObjects(signal: AbortSignal): AsyncGenerator<readonly Skip[]> {
    const store = this.#plan()
    const selection = store && selectEntries(store.entries, () => true)
    if (selection) yield* wrongIds(this.#read(store, { selection, loose: [] }, signal))
  }

  hasAll({ digest, ids }: ConnectivityRoots): boolean {
    if (this.#cachedRootsDigest !== undefined && this.#cachedRootsDigest === digest()) return true
    if (this.#locations === undefined) return false
    const locations = locationsOf(ids(), this.#locations)
    if (this.#scanCache !== undefined && locations.size === 1 && locations.has('pack'))
      this.#recorder?.setRoots(digest())
    return !locations.has(undefined)
  }

  get state(): StoreState | undefined {
    const store = this.#options.storeCheck.isSound ? this.#store : undefined
    return (
      store && { packs: store.checksums, loose: Array.from(store.loose.values(), ({ id }) => id) }
    )
  }

  objectsSince(state: StoreState): NewObjects | undefined {
    const store = this.#cachedStores.open(state)
    return store && objectsSince(state, store)
  }

  recordScan(isReported: (id: string) => boolean): void {
    const cache = this.#recorder?.toCache(isReported)
    if (cache !== undefined && this.#options.storeCheck.isSound) this.#scanCache?.write(cache)
  }

  close(): void {
    if (this.#store !== undefined) closePacks(this.#store.packs)
    this.#cachedStores.close()
    this.#store = undefined
    this.treeDiffLog = undefined
  }

  /**
   * Reads what a cached scan does not answer: the objects in which it found something (by git,
   * which needs no plan for a few), then new packs and loose objects. Returns false, and yields
   * nothing, when a pack of that scan is gone or the store is damaged.
   */
  async *#readSince(
    cache: ScanCache,
    createFilter: () => ObjectFilter,
    signal: AbortSignal,
  ): AsyncGenerator<FilteredBatch, boolean> {
    const { idBytes, git, storeCheck } = this.#options
    const damage = await storeCheck.run(signal)
    const store = damage.length > 0 ? undefined : this.#cachedStores.open(cache)
    if (store === undefined) return false
    const { newPlan, locations, isCached } = store
    this.#locations = locations
    this.#cachedRootsDigest = cache.points
    const { passed: skippedClean, bytes, names, outside: looseIds } = cache
    const isConnected = cache.linked && !locationsOf(looseIds, locations).has(undefined)
    yield [{ skippedClean, bytes, names, looseIds, isConnected }]
    const recorder = new ScanRecorder(cache)
    for await (const batch of git.readObjects(cache.found, signal)) yield recorder.watch(batch)
    const isEntryCached = (entry: number): boolean =>
      isCached(newPlan.ids.memory.ids, (newPlan.entries.idNumbers[entry] ?? 0) * idBytes)
    if (newPlan.packs.length + newPlan.loose.size + newPlan.looseCopies.length > 0) {
      const selection = selectionFor(newPlan, undefined, isEntryCached)
      const request: ReadRequest = { selection, filter: createFilter(), locations, recorder }
      yield* this.#read(newPlan, request, signal)
    }
    return true
  }

  /** Plans the store when that was not done yet; returns undefined when git has to read it. */
  #plan(): StorePlan | undefined {
    const { objects, idBytes, kernel } = this.#options
    if (this.#surprise !== undefined || this.#store !== undefined) return this.#store
    try {
      const store = planStore(objects, idBytes, kernel === 'zlib' ? plainMemory : planMemory)
      this.#store = store
      this.#locations = locationsIn(store.ids, store.packedCount)
    } catch (error) {
      if (!isReadFailure(error)) throw error
      this.#surprise = error.message
    }
    return this.#store
  }

  async *#read(
    store: StorePlan,
    request: ReadRequest,
    signal: AbortSignal,
  ): AsyncGenerator<FilteredBatch> {
    const { selection, loose, kinds, filter, shard } = request
    const { maxBlobBytes } = this.#options
    const locations = request.locations ?? locationsIn(store.ids, store.packedCount)
    const session = filter && new FilterSession(filter, new ConnectivityCheck(locations))
    const unreadIds = idsWithoutRoot(store, selection)
    const hasPackedObjects = filter !== undefined || selection.includes(EntrySelection.emit)
    if (store.packs.length > 0 && hasPackedObjects)
      yield* this.#readPacks(store, { ...request, session, unreadIds }, signal)
    const files = loose ?? [...store.loose.values()]
    const looseRequest = { files, kinds, session, shard, maxBlobBytes, unreadIds }
    yield* readAllLoose(looseRequest, signal)
    if (session !== undefined) yield* looseDamage(store.looseCopies, signal)
    yield* this.#readThroughGit(looseRequest, signal)
  }

  async *#readPacks(
    store: StorePlan,
    request: PackReadRequest,
    signal: AbortSignal,
  ): AsyncGenerator<FilteredBatch> {
    const { shard, pool, session, unreadIds, logsTreeDiffs = false } = request
    const recorder = request.recorder ?? new ScanRecorder()
    const shared = sharedPlanOf(store, request, {
      bytesPerThread: BYTES_PER_THREAD,
      ...this.#options,
    })
    const summary: ReadSummary = { unreadIds, treeDiffs: [] }
    const kernel = this.#idleKernels.pop() ?? createKernel(this.#options.kernel)
    try {
      pool?.start(shared)
      const worker = new ObjectReadWorker(shared, kernel, session)
      for await (const batch of readPacks(worker, pool, summary, signal))
        yield session === undefined ? batch : recorder.watch(batch)
    } finally {
      this.#idleKernels.push(kernel)
    }
    const allRead = unreadIds.length === 0
    if (logsTreeDiffs)
      this.treeDiffLog = treeDiffLogOf(store, summary.treeDiffs, recorder.isConnected && allRead)
    if (session !== undefined && shard === undefined && allRead && !signal.aborted)
      this.#recorder = recorder.addPacks(store.checksums)
  }

  /** Lets git read the objects that could not be read here. Nobody follows their links then. */
  async *#readThroughGit(
    { unreadIds, session, kinds }: LooseReadRequest,
    signal: AbortSignal,
  ): AsyncGenerator<FilteredBatch> {
    this.#unreadCount += unreadIds.length
    if (unreadIds.length === 0 || signal.aborted) return
    if (session !== undefined) yield [{ ...session.takeStats(), isConnected: false }]
    for await (const batch of this.#options.git.readObjects(unreadIds, signal))
      yield objectsIn(batch, kinds)
  }

  async #createPool(): Promise<WorkerPool | undefined> {
    const { threads, program, kernel, objects, bytesPerThread = BYTES_PER_THREAD } = this.#options
    const threadCount = Math.min(threads, Math.ceil(bytesOfPacks(objects) / bytesPerThread))
    if (threadCount < 2 || program === undefined) return undefined
    const { WorkerPool } = await import('./workers/worker-pool.ts')
    return new WorkerPool(threadCount - 1, program, kernel)
  }
}
