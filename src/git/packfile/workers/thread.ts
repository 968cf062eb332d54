import type { GitObject } from '../../objects/objects.ts'
import type { Sieve, Sifted } from '../../objects/sieve.ts'
import type { Skip } from '../../../model/model.ts'
import { type Duty, MOST_WAITING_BYTES, type Parcel } from './crew.ts'
import { IdTable, knownIn } from '../id-table.ts'
import { kernelOf } from '../walk/kernels.ts'
import { Lane, type Shared } from './lane.ts'
import { LinkCheck } from '../walk/links.ts'
import { Sifting } from '../walk/sifted.ts'

/** A parcel is sent when it has so many bytes, and at the end of a portion. */
const PARCEL_BYTES = 8 << 20

interface Ends {
  readonly sieve: Sieve
  readonly send: (parcel: Parcel, moved: ArrayBuffer[]) => void
}

type Item = GitObject | Skip | Sifted

/** What a thread does: takes portions until none is left, and sends what it reads in parcels. */
export function serve(
  shared: Shared,
  { kernel, waiting }: Pick<Duty, 'kernel' | 'waiting'>,
  { sieve, send }: Ends,
): void {
  // Methods do not travel between threads, memory does.
  const names = new IdTable(shared.plan.names.memory)
  const lane = new Lane(
    { ...shared, plan: { ...shared.plan, names } },
    kernelOf(kernel)(),
    new Sifting(sieve, new LinkCheck(knownIn(names, shared.plan.packed))),
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
    ahead > MOST_WAITING_BYTES;
    ahead = Atomics.load(waiting, 0)
  )
    Atomics.wait(waiting, 0, ahead)
}
