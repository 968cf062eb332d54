import { parentPort, workerData } from 'node:worker_threads'
import { createEngine } from './engine.ts'
import type { Duty } from '../git/packfile/workers/crew.ts'
import type { Shared } from '../git/packfile/workers/lane.ts'
import { serve } from '../git/packfile/workers/thread.ts'
import { arrived, createSieve, type TravellingRule } from './sieve.ts'

/** Of `cli/pieces.ts`, which loads this. */
declare const keepCompiled: () => Promise<void>

/**
 * The program of a thread that reads packs beside the main one, and looks at objects with the rules
 * it was given.
 */
const duty: Duty<readonly TravellingRule[]> = workerData
const rules = duty.rules.map(arrived)
const engine = createEngine(rules)
parentPort?.once('message', (shared: Shared) => {
  const sieve = createSieve(rules, engine, shared.plan.names.memory.idBytes)
  serve(shared, duty, {
    sieve,
    send(parcel, moved) {
      // Who gets the last one may end this thread.
      if (parcel.last) void keepCompiled()
      parentPort?.postMessage(parcel, moved)
    },
  })
})
