import type {
  NewObjects,
  ObjectBatch,
  ObjectReader,
  ConnectivityRoots,
  FilteredBatch,
  StoreState,
} from '../objects/objects.ts'
import type { TreeDiffLog } from '../objects/tree-diff-log.ts'
import type { ObjectFilter } from '../objects/object-filter.ts'
import type { ObjectKind } from '../../model/model.ts'
import type { Shard } from '../../model/shard.ts'
import type { WorkerPool, ReadSummary } from './workers/worker-pool.ts'
import { knownIn } from './id-table.ts'
import type { Kernel } from './walk/kernel.ts'
import { kernelOf } from './walk/kernels.ts'
import { ObjectReadWorker, workItemsOf, type SharedPlan } from './workers/object-read-worker.ts'
import { ScanRecorder } from './cache/scan-recorder.ts'
import { type KnownObjects, ConnectivityCheck, placesOf } from './walk/connectivity-check.ts'
import type { ScanCache, ScanCacheFile } from './cache/scan-cache.ts'
import { objectsSince } from './cache/objects-since.ts'
import {
  selectionFor,
  selectionForShard,
  planStore,
  rootless,
  type StorePlan,
} from './plan/plan.ts'
import { subsetOf } from './subset.ts'
import { plainMemory, planMemory } from './plan/plan-memory.ts'
import { unloggedSelection, treeDiffLogOf } from './cache/unlogged-selection.ts'
import { type LooseReading, objectsIn, readAllLoose, readPacks } from './reading.ts'
import type { PackReaderOptions } from './reader-options.ts'
import { CachedStoreReader } from './cache/cached-store.ts'
import { isReadFailure } from './pack-surprise.ts'
import { bytesOfPacks, closePacks } from './store.ts'
import { FilterSession } from './walk/filter-session.ts'
import type { ReadRequest, PackReadRequest } from './read-request.ts'

/** A thread takes longer to start than it takes to read packs of this size. */
const BYTES_PER_THREAD = 16 << 20

/** So many objects git has read sooner than a plan is made. */
const FEW_IDS = 500

/**
 * Reads packs and loose objects itself, and with a sieve looks only at what each version changes.
 * What surprises it is left to git: single objects, or where the plan fails all of them.
 */
export class PackReader implements ObjectReader {
  readonly checksConnectivity = true
  treeDiffLog: TreeDiffLog | undefined
  readonly #options: PackReaderOptions
  readonly #idle: Kernel[] = []
  /** Where blobs are left out by their size, less is learned than is true. */
  readonly #memory: ScanCacheFile | undefined
  /** What is to be kept once it is known what was said of it. */
  #learned: ScanRecorder | undefined
  #store: StorePlan | undefined
  #known: KnownObjects | undefined
  #points: string | undefined
  readonly #recalls: CachedStoreReader
  #surprise: string | undefined
  #unread = 0

  constructor(options: PackReaderOptions) {
    this.#options = options
    this.#recalls = new CachedStoreReader(options.objects, options.idBytes)
    this.#memory = options.maxBlobBytes === Infinity ? options.memory : undefined
  }

  /** What read, and what was left to git. */
  get name(): string {
    const { git, kernel } = this.#options
    if (this.#surprise !== undefined) return `${git.name} (${this.#surprise})`
    const own = `pack-${this.#idle[0]?.name ?? (kernel === 'zlib' ? 'zlib' : 'wasm')}`
    return this.#unread === 0 ? own : `${own}, ${this.#unread} objects through ${git.name}`
  }

  async *readAll(
    signal: AbortSignal,
    kinds?: readonly ObjectKind[],
    noted?: TreeDiffLog,
  ): AsyncGenerator<ObjectBatch> {
    const store = this.#open()
    if (store === undefined) {
      yield* this.#options.git.readAll(signal, kinds)
      return
    }
    const marks =
      noted === undefined ? selectionFor(store, kinds) : unloggedSelection(store, noted, kinds)
    for await (const batch of this.#read(store, { marks, kinds }, signal)) yield objectsIn(batch)
  }

  async *readFiltered(
    sieve: () => ObjectFilter,
    signal: AbortSignal,
    shard?: Shard,
  ): AsyncGenerator<FilteredBatch> {
    const memory = shard === undefined ? this.#memory?.read() : undefined
    if (memory !== undefined && (yield* this.#recall(memory, sieve, signal))) return
    const crew = await this.#crew()
    try {
      const store = this.#open()
      if (store === undefined) {
        yield* this.#options.git.readFiltered(sieve, signal, shard)
        return
      }
      yield* this.#read(
        store,
        {
          marks: shard ? selectionForShard(store, shard) : selectionFor(store),
          sieve: sieve(),
          shard,
          crew,
          noting: shard === undefined,
        },
        signal,
      )
    } finally {
      await crew?.dismiss()
    }
  }

  async *readObjects(ids: readonly string[], signal: AbortSignal): AsyncGenerator<ObjectBatch> {
    const store = this.#store ?? (ids.length > FEW_IDS ? this.#open() : undefined)
    const part = store && subsetOf(store, ids)
    if (part !== undefined && part.unknown.length < ids.length)
      for await (const batch of this.#read(part.store, part, signal)) yield objectsIn(batch)
    const unknown = part?.unknown ?? ids
    if (unknown.length > 0) yield* this.#options.git.readObjects(unknown, signal)
  }

  hasAll({ digest, ids }: ConnectivityRoots): boolean {
    if (this.#points !== undefined && this.#points === digest()) return true
    if (this.#known === undefined) return false
    const places = placesOf(ids(), this.#known)
    if (this.#memory !== undefined && places.size === 1 && places.has('pack'))
      this.#learned?.beginAt(digest())
    return !places.has(undefined)
  }

  get state(): StoreState | undefined {
    return (
      this.#store && {
        packs: this.#store.checksums,
        loose: Array.from(this.#store.loose.values(), ({ id }) => id),
      }
    )
  }

  objectsSince(state: StoreState): NewObjects | undefined {
    const store = this.#recalls.of(state)
    return store && objectsSince(state, store)
  }

  recordScan(isSpokenOf: (object: string) => boolean): void {
    const memory = this.#learned?.of(isSpokenOf)
    if (memory !== undefined) this.#memory?.write(memory)
  }

  close(): void {
    if (this.#store !== undefined) closePacks(this.#store.packs)
    this.#recalls.close()
    this.#store = undefined
    this.treeDiffLog = undefined
  }

  /**
   * Of packs that are remembered only what was found in them is read again, by git, who needs no
   * plan for a few; then packs that are new, and loose objects.
   */
  async *#recall(
    memory: ScanCache,
    sieve: () => ObjectFilter,
    signal: AbortSignal,
  ): AsyncGenerator<FilteredBatch, boolean> {
    const { idBytes, git } = this.#options
    const store = this.#recalls.of(memory)
    if (store === undefined) return false
    const { fresh, known, isOld } = store
    this.#known = known
    this.#points = memory.points
    yield [
      {
        ...memory,
        isConnected: memory.isConnected && !placesOf(memory.looseIds, known).has(undefined),
      },
    ]
    const learned = new ScanRecorder(memory)
    for await (const batch of git.readObjects(memory.found, signal)) yield learned.watch(batch)
    const isKnown = (entry: number): boolean =>
      isOld(fresh.names.memory.ids, (fresh.entries.names[entry] ?? 0) * idBytes)
    if (fresh.packs.length + fresh.loose.size > 0)
      yield* this.#read(
        fresh,
        { marks: selectionFor(fresh, undefined, isKnown), sieve: sieve(), known, learned },
        signal,
      )
    return true
  }

  #open(): StorePlan | undefined {
    const { objects, idBytes, kernel } = this.#options
    if (this.#surprise !== undefined || this.#store !== undefined) return this.#store
    try {
      const store = planStore(objects, idBytes, kernel === 'zlib' ? plainMemory : planMemory)
      this.#store = store
      this.#known = knownIn(store.names, store.packed)
    } catch (error) {
      if (!isReadFailure(error)) throw error
      this.#surprise = error.message
    }
    return this.#store
  }

  async *#read(
    store: StorePlan,
    wanted: ReadRequest,
    signal: AbortSignal,
  ): AsyncGenerator<FilteredBatch> {
    const {
      marks,
      loose = [...store.loose.values()],
      kinds,
      sieve,
      shard,
      known = knownIn(store.names, store.packed),
    } = wanted
    const { maxBlobBytes } = this.#options
    const sifting = sieve && new FilterSession(sieve, new ConnectivityCheck(known))
    const unread = rootless(store, marks)
    if (store.packs.length > 0 && (sieve !== undefined || marks.includes(1)))
      yield* this.#readPacks(store, { ...wanted, sifting, unread }, signal)
    const reading: LooseReading = { files: loose, kinds, sifting, shard, maxBlobBytes, unread }
    yield* readAllLoose(reading, signal)
    yield* this.#leave(reading, signal)
  }

  async *#readPacks(
    store: StorePlan,
    {
      marks,
      shard,
      crew,
      learned = new ScanRecorder(),
      sifting,
      unread,
      noting = false,
    }: PackReadRequest,
    signal: AbortSignal,
  ): AsyncGenerator<FilteredBatch> {
    const { maxBlobBytes, bytesPerThread = BYTES_PER_THREAD } = this.#options
    const plan = {
      entries: store.entries,
      families: store.families,
      names: store.names,
      packed: store.packed,
      marks,
    }
    const files = store.packs.map((pack) => pack.file)
    const shared: SharedPlan = {
      plan,
      files,
      portions: workItemsOf(plan, bytesPerThread / 2),
      taken: new Int32Array(new SharedArrayBuffer(4)),
      maxBlobBytes,
      noting,
    }
    const gathered: ReadSummary = { unread, notes: [] }
    const kernel = this.#idle.pop() ?? kernelOf(this.#options.kernel)()
    try {
      crew?.begin(shared)
      const lane = new ObjectReadWorker(shared, kernel, sifting)
      for await (const batch of readPacks(lane, crew, gathered, signal))
        yield sifting === undefined ? batch : learned.watch(batch)
    } finally {
      this.#idle.push(kernel)
    }
    if (noting)
      this.treeDiffLog = treeDiffLogOf(
        store,
        gathered.notes,
        learned.isLinked && unread.length === 0,
      )
    if (sifting !== undefined && shard === undefined && unread.length === 0 && !signal.aborted)
      this.#learned = learned.behind(store.checksums)
  }

  /** What was not read here git reads; nobody follows its links. */
  async *#leave(
    { unread, sifting, kinds }: LooseReading,
    signal: AbortSignal,
  ): AsyncGenerator<FilteredBatch> {
    this.#unread += unread.length
    if (unread.length === 0 || signal.aborted) return
    if (sifting !== undefined) yield [{ ...sifting.take(), isConnected: false }]
    for await (const batch of this.#options.git.readObjects(unread, signal))
      yield objectsIn(batch, kinds)
  }

  async #crew(): Promise<WorkerPool | undefined> {
    const { threads, program, kernel, objects, bytesPerThread = BYTES_PER_THREAD } = this.#options
    const hands = Math.min(threads, Math.ceil(bytesOfPacks(objects) / bytesPerThread))
    if (hands < 2 || program === undefined) return undefined
    const { WorkerPool } = await import('./workers/worker-pool.ts')
    return new WorkerPool(hands - 1, program, kernel)
  }
}
