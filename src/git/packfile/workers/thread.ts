import type { GitObject } from '../../objects/objects.ts'
import type { FilterStats, ObjectFilter } from '../../objects/object-filter.ts'
import type { Skip } from '../../../model/model.ts'
import { MAX_WAITING_BYTES, type ResultBatch, type WorkerInit } from './worker-pool.ts'
import { IdTable, locationsIn } from '../id-table.ts'
import { createKernel } from '../walk/kernels.ts'
import { ObjectReadWorker, type SharedPlan } from './object-read-worker.ts'
import { ConnectivityCheck } from '../walk/connectivity-check.ts'
import { FilterSession } from '../walk/filter-session.ts'

/** Bytes of content after which a batch is sent, before the end of its work item. */
const MAX_BATCH_BYTES = 8 << 20

interface ThreadTools {
  readonly filter: ObjectFilter
  readonly send: (batch: ResultBatch, transferred: ArrayBuffer[]) => void
}

type ResultItem = GitObject | Skip | FilterStats

/** Reads work items in a worker thread until none is left, and sends the results in batches. */
export function readWorkItems(
  shared: SharedPlan,
  { kernel, waitingBytes }: Pick<WorkerInit, 'kernel' | 'waitingBytes'>,
  { filter, send }: ThreadTools,
): void {
  // Messages copy no methods: only the memory of the table arrived.
  const ids = new IdTable(shared.plan.ids.memory)
  const locations = locationsIn(ids, shared.plan.packedCount)
  const worker = new ObjectReadWorker(
    { ...shared, plan: { ...shared.plan, ids } },
    createKernel(kernel),
    new FilterSession(filter, new ConnectivityCheck(locations)),
  )
  const batch = new BatchBuilder()
  const sendBatch = (isLast: boolean): void => {
    Atomics.add(waitingBytes, 0, batch.bytes)
    const treeDiffs = isLast ? worker.takeTreeDiffs() : []
    const { items, bytes, transferred } = batch.take()
    send({ items, contentBytes: bytes, unreadIds: worker.takeUnreadIds(), treeDiffs, isLast }, [
      ...transferred,
      ...treeDiffs.map(({ buffer }) => buffer),
    ])
    if (!isLast) waitForRoom(waitingBytes)
  }
  for (let results = worker.next(); results !== undefined; results = worker.next()) {
    for (const item of results) {
      batch.add(item)
      if ('kind' in item && item.last && batch.bytes > MAX_BATCH_BYTES) sendBatch(false)
    }
    sendBatch(false)
  }
  sendBatch(true)
}

/** Collects results, with copies of the content of objects: the kernel reuses its memory. */
class BatchBuilder {
  #items: ResultItem[] = []
  #transferred: ArrayBuffer[] = []
  #bytes = 0

  get bytes(): number {
    return this.#bytes
  }

  add(item: ResultItem): void {
    if (!('kind' in item)) {
      this.#items.push(item)
      return
    }
    const bytes = Uint8Array.from(item.bytes)
    this.#items.push({ ...item, bytes })
    this.#transferred.push(bytes.buffer)
    this.#bytes += bytes.length
  }

  /** Returns what was collected, and starts anew. */
  take(): {
    readonly items: readonly ResultItem[]
    readonly transferred: readonly ArrayBuffer[]
    readonly bytes: number
  } {
    const taken = { items: this.#items, transferred: this.#transferred, bytes: this.#bytes }
    this.#items = []
    this.#transferred = []
    this.#bytes = 0
    return taken
  }
}

/** Blocks this thread while the main thread has too many bytes to process. */
function waitForRoom(waitingBytes: Int32Array): void {
  for (
    let bytes = Atomics.load(waitingBytes, 0);
    bytes > MAX_WAITING_BYTES;
    bytes = Atomics.load(waitingBytes, 0)
  )
    Atomics.wait(waitingBytes, 0, bytes)
}
