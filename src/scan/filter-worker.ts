/**
 * Program of a worker thread that reads packs in parallel with the main thread, and filters their
 * objects with the rules passed to it.
 */
import { parentPort, workerData } from 'node:worker_threads'
import type { SharedPlan } from '../git/packfile/workers/object-read-worker.ts'
import { readWorkItems } from '../git/packfile/workers/thread.ts'
import type { WorkerInit } from '../git/packfile/workers/worker-pool.ts'
import { createEngine } from './engine.ts'
import { createObjectFilter, receivedRule, type TransferableRule } from './object-filter.ts'

/** Saves V8's code cache; defined by `cli/process/bundles.ts`, which loads this program. */
declare const keepCompiled: () => Promise<void>

const init: WorkerInit<readonly TransferableRule[]> = workerData
const rules = init.rules.map(receivedRule)
const engine = createEngine(rules)
parentPort?.once('message', (shared: SharedPlan) => {
  const filter = createObjectFilter(rules, engine, shared.plan.ids.memory.idBytes)
  readWorkItems(shared, init, {
    filter,
    send(batch, transferList) {
      // The main thread may end this one once it has the last batch.
      if (batch.isLast) void keepCompiled()
      parentPort?.postMessage(batch, transferList)
    },
  })
})
