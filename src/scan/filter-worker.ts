import { parentPort, workerData } from 'node:worker_threads'
import { createEngine } from './engine.ts'
import type { WorkerInit } from '../git/packfile/workers/worker-pool.ts'
import type { SharedPlan } from '../git/packfile/workers/object-read-worker.ts'
import { readWorkItems } from '../git/packfile/workers/thread.ts'
import { arrived, createObjectFilter, type TransferableRule } from './object-filter.ts'

/** A parameter of the function that `cli/process/bundles.ts` wraps this bundle in. */
declare const keepCompiled: () => Promise<void>

/**
 * The program of a thread that reads packs beside the main one, and looks at objects with the rules
 * it was given.
 */
const duty: WorkerInit<readonly TransferableRule[]> = workerData
const rules = duty.rules.map(arrived)
const engine = createEngine(rules)
parentPort?.once('message', (shared: SharedPlan) => {
  const sieve = createObjectFilter(rules, engine, shared.plan.ids.memory.idBytes)
  readWorkItems(shared, duty, {
    filter: sieve,
    send(parcel, moved) {
      // Who gets the last one may end this thread.
      if (parcel.isLast) void keepCompiled()
      parentPort?.postMessage(parcel, moved)
    },
  })
})
