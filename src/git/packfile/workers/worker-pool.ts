import { Worker } from 'node:worker_threads'
import type { FilteredBatch, GitObject } from '../../objects/objects.ts'
import type { FilterStats } from '../../objects/object-filter.ts'
import type { Skip } from '../../../model/model.ts'
import { hasCode, isReadFailure } from '../pack-surprise.ts'
import type { SharedPlan } from './object-read-worker.ts'

/** The data that a worker thread starts with. */
export interface WorkerInit<Rules = unknown> {
  /** The rules to find secrets by, in a form that the thread's program knows. */
  readonly rules: Rules
  readonly kernel: 'auto' | 'pack' | 'zlib'
  /**
   * One number: bytes that all threads together have sent and the main thread has not processed.
   * The threads wait while there are more than `MAX_WAITING_BYTES`.
   */
  readonly waitingBytes: Int32Array
}

/** Results that a worker thread sends: of one work item, of a part of it, or at the end. */
export interface ResultBatch {
  readonly items: readonly (GitObject | Skip | FilterStats)[]
  /** Bytes of the objects in it. */
  readonly contentBytes: number
  /** IDs of objects that git has to read. */
  readonly unreadIds: readonly string[]
  /** All of the thread's tree diff log; only the last batch has it. */
  readonly treeDiffs: readonly Uint8Array[]
  readonly isLast: boolean
}

/** Results of reading packs besides the objects. */
export interface ReadSummary {
  /** IDs of objects that git has to read. */
  readonly unreadIds: string[]
  /** The tree diff log of each thread. */
  readonly treeDiffs: (readonly Uint8Array[])[]
}

/** The program of a worker thread, and the rules that it gets. */
export interface WorkerProgram {
  readonly entry: URL
  readonly rules: unknown
}

/** Bytes that the worker threads may be ahead of the main thread. */
export const MAX_WAITING_BYTES = 48 << 20

/** The young generation of a worker's heap. Most of its objects die soon: more only costs memory. */
const MAX_YOUNG_GENERATION_MB = 12

/** Worker threads that read packs in parallel with the main thread. */
export class WorkerPool {
  readonly #workers: readonly Worker[]
  readonly #waitingBytes: Int32Array
  readonly #batches: ResultBatch[] = []
  /** The first error of a worker that only a bug explains; the main thread throws it. */
  #bug: { readonly error: unknown } | undefined
  #runningCount: number
  #wake: (() => void) | undefined

  /**
   * Starts the threads before there is a plan: loading their program takes about as long as making
   * the plan.
   */
  constructor(count: number, { entry, rules }: WorkerProgram, kernel: WorkerInit['kernel']) {
    this.#waitingBytes = new Int32Array(new SharedArrayBuffer(4))
    const workerData: WorkerInit = { rules, kernel, waitingBytes: this.#waitingBytes }
    this.#runningCount = count
    this.#workers = Array.from({ length: count }, () =>
      this.#attach(
        new Worker(entry, {
          workerData,
          env: {},
          argv: [],
          execArgv: [],
          resourceLimits: { maxYoungGenerationSizeMb: MAX_YOUNG_GENERATION_MB },
        }),
      ),
    )
  }

  /** Sends the plan to the threads, which begin to read. */
  start(shared: SharedPlan): void {
    for (const worker of this.#workers) worker.postMessage(shared, [])
  }

  /** Yields the batches that have arrived, and adds the rest of them to the summary. */
  *takeBatches({ unreadIds, treeDiffs }: ReadSummary): Generator<FilteredBatch> {
    this.#throwBug()
    for (let batch = this.#batches.shift(); batch !== undefined; batch = this.#batches.shift()) {
      for (const id of batch.unreadIds) unreadIds.push(id)
      if (batch.treeDiffs.length > 0) treeDiffs.push(batch.treeDiffs)
      yield batch.items
      Atomics.sub(this.#waitingBytes, 0, batch.contentBytes)
      Atomics.notify(this.#waitingBytes, 0)
    }
  }

  /** Waits for batches. Returns false when all threads are done, or the signal was aborted. */
  async waitForBatches(signal: AbortSignal): Promise<boolean> {
    if (this.#batches.length === 0 && this.#runningCount > 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
    }
    this.#throwBug()
    return this.#batches.length > 0 && !signal.aborted
  }

  /** Ends all threads, whether they are done or not. */
  async terminate(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }

  #throwBug(): void {
    if (this.#bug !== undefined) throw this.#bug.error
  }

  /** Listens to a worker. One that ends before its last batch makes the scan incomplete. */
  #attach(worker: Worker): Worker {
    let isDone = false
    const end = (failure: string | undefined): void => {
      if (isDone) return
      isDone = true
      this.#runningCount -= 1
      const items = failure === undefined ? [] : [endedEarly(failure)]
      this.#receive({ items, contentBytes: 0, unreadIds: [], treeDiffs: [], isLast: true })
    }
    worker.on('message', (batch: ResultBatch) => {
      this.#receive(batch)
      if (batch.isLast) end(undefined)
    })
    worker.on('error', (error: unknown) => {
      if (!isWorkerFailure(error)) this.#bug ??= { error }
      end(error instanceof Error ? error.message : '')
    })
    worker.on('exit', (code) => end(`exit ${code}`))
    return worker
  }

  #receive(batch: ResultBatch): void {
    this.#batches.push(batch)
    this.#wake?.()
  }
}

function endedEarly(failure: string): Skip {
  return {
    outcome: 'failed',
    reason: 'unreadable',
    detail: `a thread that reads objects ended early: ${failure}`,
  }
}

/**
 * True for errors of a worker thread that are no bug: too little memory, a failure of the file
 * system, or no program file. Errors come from threads as copies, without their class.
 */
function isWorkerFailure(error: unknown): boolean {
  return (
    isReadFailure(error) ||
    hasCode(error, /^(ERR_WORKER_OUT_OF_MEMORY|ERR_WORKER_INIT_FAILED|(ERR_)?MODULE_NOT_FOUND)$/) ||
    (error instanceof Error && ['PackSurprise', 'ScanError'].includes(error.name))
  )
}
