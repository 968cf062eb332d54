import { createHash } from 'node:crypto'
import type { NamedBlob } from '../../../src/git/objects/object-filter.ts'
import type { ObjectKind } from '../../../src/model/model.ts'
import type { Kernel } from '../../../src/git/packfile/walk/kernel.ts'
import {
  ObjectReadWorker,
  workItemsOf,
} from '../../../src/git/packfile/workers/object-read-worker.ts'
import type { StorePlan } from '../../../src/git/packfile/plan/plan.ts'
import type { FilterSession } from '../../../src/git/packfile/walk/filter-session.ts'

/** What a walk gives, lets pass, learns and leaves. */
export interface Outcome {
  readonly given: readonly string[]
  readonly passed: Record<ObjectKind, number>
  readonly bytes: number
  /** Objects and what names env files have. */
  readonly names: readonly string[]
  readonly outside: readonly string[]
  readonly linked: boolean
  readonly left: readonly string[]
}

export interface Walking {
  readonly marks: Uint8Array
  readonly sifting: FilterSession | undefined
  readonly maxBlobBytes: number
  readonly noting: boolean
}

/** Walks through a store, in one lane. */
export function walkedThrough(
  store: StorePlan,
  kernel: Kernel,
  { marks, sifting, maxBlobBytes, noting }: Walking,
): Outcome {
  const plan = {
    entries: store.entries,
    families: store.families,
    names: store.names,
    packed: store.packed,
    marks,
  }
  const shared = {
    plan,
    files: store.packs.map(({ file }) => file),
    portions: workItemsOf(plan, 1 << 20),
    taken: new Int32Array(new SharedArrayBuffer(4)),
    maxBlobBytes,
    noting,
  }
  const lane = new ObjectReadWorker(shared, kernel, sifting)
  const given: string[] = []
  const passed = { blob: 0, tree: 0, commit: 0, tag: 0 }
  const [names, outside]: [NamedBlob[], string[]] = [[], []]
  let [bytes, linked] = [0, true]
  for (let portion = lane.next(); portion !== undefined; portion = lane.next()) {
    for (const item of portion) {
      if ('outcome' in item) given.push(`${item.object} ${item.reason}`)
      else if ('kind' in item)
        given.push(
          `${item.id} ${item.kind} ${item.start} ${createHash('sha1').update(item.bytes).digest('hex')}`,
        )
      else {
        for (const kind of ['blob', 'tree', 'commit', 'tag'] as const)
          passed[kind] += item.skippedClean[kind]
        bytes += item.bytes
        names.push(...item.names)
        outside.push(...item.looseIds)
        linked &&= item.isConnected
      }
    }
  }
  return {
    given,
    passed,
    bytes,
    names: [...new Set(names.map(({ object, name }) => `${object} ${name.text}`))].sort(),
    outside: outside.sort(),
    linked,
    left: [...lane.takeUnread()].sort(),
  }
}
