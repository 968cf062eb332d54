import { Worker } from 'node:worker_threads'
import type { GitObject, FilteredBatch } from '../../objects/objects.ts'
import type { FilterStats } from '../../objects/object-filter.ts'
import type { Skip } from '../../../model/model.ts'
import { hasCode, isReadFailure } from '../pack-surprise.ts'
import type { SharedPlan } from './object-read-worker.ts'

/** What a thread is started with. */
export interface WorkerInit<Rules = unknown> {
  /** What to look for, in the form that the thread's own program knows. */
  readonly rules: Rules
  readonly kernel: 'auto' | 'pack' | 'zlib'
  /**
   * Bytes given and not yet taken by all threads together; a thread waits while they are too many.
   */
  readonly waiting: Int32Array
}

/** What a thread sends: what it read of one or more portions. The last one says so. */
export interface ResultBatch {
  readonly items: readonly (GitObject | Skip | FilterStats)[]
  readonly bytes: number
  readonly unread: readonly string[]
  /** All that it noted, with the last one. */
  readonly notes: readonly Uint8Array[]
  readonly last: boolean
}

/** What comes of a reading besides objects. */
export interface ReadSummary {
  /** Names of what is left to git. */
  readonly unread: string[]
  /** What each thread noted. */
  readonly notes: (readonly Uint8Array[])[]
}

/** The program of a thread, and what it is told. */
export interface WorkerProgram {
  readonly entry: URL
  readonly rules: unknown
}

/** Bytes that threads may be ahead of whoever takes them. */
export const MAX_WAITING_BYTES = 48 << 20

/** What a thread makes is soon gone again: more room for it only takes memory. */
const YOUNG_MB = 12

/** Threads that read beside this one. */
export class WorkerPool {
  readonly #workers: readonly Worker[]
  readonly #waiting: Int32Array
  readonly #parcels: ResultBatch[] = []
  /** The first error of a thread that only a bug explains, to be thrown in this thread. */
  #bug: { readonly error: unknown } | undefined
  #running: number
  #wake: (() => void) | undefined

  /** They get ready, which takes about as long as to make the plan that they wait for. */
  constructor(count: number, { entry, rules }: WorkerProgram, kernel: WorkerInit['kernel']) {
    this.#waiting = new Int32Array(new SharedArrayBuffer(4))
    const workerData: WorkerInit = { rules, kernel, waiting: this.#waiting }
    this.#running = count
    this.#workers = Array.from({ length: count }, () =>
      this.#hire(
        new Worker(entry, {
          workerData,
          env: {},
          argv: [],
          execArgv: [],
          resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
        }),
      ),
    )
  }

  /** Gives them the plan. */
  begin(shared: SharedPlan): void {
    for (const worker of this.#workers) worker.postMessage(shared, [])
  }

  /** What has come so far. */
  *taken({ unread, notes }: ReadSummary): Generator<FilteredBatch> {
    if (this.#bug !== undefined) throw this.#bug.error
    for (let parcel = this.#parcels.shift(); parcel !== undefined; parcel = this.#parcels.shift()) {
      for (const id of parcel.unread) unread.push(id)
      if (parcel.notes.length > 0) notes.push(parcel.notes)
      yield parcel.items
      Atomics.sub(this.#waiting, 0, parcel.bytes)
      Atomics.notify(this.#waiting, 0)
    }
  }

  /** Waits for more; false when there is none to come, or nobody waits any longer. */
  async more(signal: AbortSignal): Promise<boolean> {
    if (
      this.#bug === undefined &&
      this.#parcels.length === 0 &&
      this.#running > 0 &&
      !signal.aborted
    ) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
    }
    if (this.#bug !== undefined) throw this.#bug.error
    return this.#parcels.length > 0 && !signal.aborted
  }

  /** Ends all threads, done or not. */
  async dismiss(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }

  #hire(worker: Worker): Worker {
    let done = false
    const end = (error?: string): void => {
      if (done) return
      done = true
      this.#running -= 1
      const items: Skip[] =
        error === undefined
          ? []
          : [
              {
                outcome: 'failed',
                reason: 'unreadable',
                detail: `a thread that reads objects ended early: ${error}`,
              },
            ]
      this.#receive({ items, bytes: 0, unread: [], notes: [], last: true })
    }
    worker.on('message', (parcel: ResultBatch) => {
      this.#receive(parcel)
      if (parcel.last) end()
    })
    worker.on('error', (error: unknown) => {
      if (!isThreadFailure(error)) this.#bug ??= { error }
      end(error instanceof Error ? error.message : '')
    })
    worker.on('exit', (code) => end(`exit ${code}`))
    return worker
  }

  #receive(parcel: ResultBatch): void {
    this.#parcels.push(parcel)
    this.#wake?.()
  }
}

/**
 * True for errors of a thread that are no bug: of the file system, of memory, or of a program file
 * that is gone. Errors come from threads as copies, without their class.
 */
function isThreadFailure(error: unknown): error is Error {
  return (
    isReadFailure(error) ||
    hasCode(error, /^(ERR_WORKER_OUT_OF_MEMORY|ERR_WORKER_INIT_FAILED|(ERR_)?MODULE_NOT_FOUND)$/) ||
    (error instanceof Error && ['PackSurprise', 'ScanError'].includes(error.name))
  )
}
