import type { GitObject } from '../../objects/objects.ts'
import type { ObjectFilter, FilterStats } from '../../objects/object-filter.ts'
import type { Skip } from '../../../model/model.ts'
import { type WorkerInit, MAX_WAITING_BYTES, type ResultBatch } from './worker-pool.ts'
import { IdTable, knownIn } from '../id-table.ts'
import { kernelOf } from '../walk/kernels.ts'
import { ObjectReadWorker, type SharedPlan } from './object-read-worker.ts'
import { ConnectivityCheck } from '../walk/connectivity-check.ts'
import { FilterSession } from '../walk/filter-session.ts'

/** A parcel is sent when it has so many bytes, and at the end of a portion. */
const PARCEL_BYTES = 8 << 20

interface Ends {
  readonly sieve: ObjectFilter
  readonly send: (parcel: ResultBatch, moved: ArrayBuffer[]) => void
}

type Item = GitObject | Skip | FilterStats

/** What a thread does: takes portions until none is left, and sends what it reads in parcels. */
export function serve(
  shared: SharedPlan,
  { kernel, waiting }: Pick<WorkerInit, 'kernel' | 'waiting'>,
  { sieve, send }: Ends,
): void {
  // Methods do not travel between threads, memory does.
  const names = new IdTable(shared.plan.names.memory)
  const lane = new ObjectReadWorker(
    { ...shared, plan: { ...shared.plan, names } },
    kernelOf(kernel)(),
    new FilterSession(sieve, new ConnectivityCheck(knownIn(names, shared.plan.packed))),
  )
  let items: Item[] = []
  let moved: ArrayBuffer[] = []
  let bytes = 0
  const flush = (last: boolean): void => {
    Atomics.add(waiting, 0, bytes)
    const notes = last ? lane.takeNotes() : []
    for (const part of notes) moved.push(part.buffer)
    send({ items, bytes, unread: lane.takeUnread(), notes, last }, moved)
    items = []
    moved = []
    bytes = 0
    if (!last) waitForRoom(waiting)
  }
  for (let portion = lane.next(); portion !== undefined; portion = lane.next()) {
    for (const item of portion) {
      if (!('kind' in item)) {
        items.push(item)
        continue
      }
      // What is read next stands in its place.
      const own = Uint8Array.from(item.bytes)
      items.push({ ...item, bytes: own })
      moved.push(own.buffer)
      bytes += own.length
      if (item.last && bytes > PARCEL_BYTES) flush(false)
    }
    flush(false)
  }
  flush(true)
}

/** Until who takes parcels is not too far behind. */
function waitForRoom(waiting: Int32Array): void {
  for (
    let ahead = Atomics.load(waiting, 0);
    ahead > MAX_WAITING_BYTES;
    ahead = Atomics.load(waiting, 0)
  )
    Atomics.wait(waiting, 0, ahead)
}
