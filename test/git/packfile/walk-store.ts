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

/** Everything that a walk yields and collects. */
export interface WalkOutcome {
  /** Emitted objects with hashes of their bytes, and skips. */
  readonly emitted: readonly string[]
  readonly skippedClean: Record<ObjectKind, number>
  readonly bytes: number
  /** Blobs that trees name as env files, with these names. */
  readonly names: readonly string[]
  readonly looseIds: readonly string[]
  readonly isConnected: boolean
  readonly unreadIds: readonly string[]
}

export interface WalkOptions {
  readonly selection: Uint8Array
  readonly session: FilterSession | undefined
  readonly maxBlobBytes: number
  readonly logsTreeDiffs: boolean
}

/** Walks all delta chains of a store in this thread. */
export function walkStore(
  { packs, entries, chains, ids, packedCount }: StorePlan,
  kernel: Kernel,
  { selection, session, maxBlobBytes, logsTreeDiffs }: WalkOptions,
): WalkOutcome {
  const plan = { entries, chains, ids, packedCount, selection }
  const shared = {
    plan,
    packFds: packs.map(({ fd }) => fd),
    workItems: workItemsOf(plan, 1 << 20),
    nextWorkItem: new Int32Array(new SharedArrayBuffer(4)),
    maxBlobBytes,
    logsTreeDiffs,
  }
  const worker = new ObjectReadWorker(shared, kernel, session)
  const emitted: string[] = []
  const skippedClean = { blob: 0, tree: 0, commit: 0, tag: 0 }
  const [names, looseIds]: [NamedBlob[], string[]] = [[], []]
  let [bytes, isConnected] = [0, true]
  for (let items = worker.next(); items !== undefined; items = worker.next()) {
    for (const item of items) {
      if ('outcome' in item) emitted.push(`${item.object} ${item.reason}`)
      else if ('kind' in item) emitted.push(`${item.id} ${item.kind} ${item.start} ${hashOf(item)}`)
      else {
        for (const kind of ['blob', 'tree', 'commit', 'tag'] as const)
          skippedClean[kind] += item.skippedClean[kind]
        bytes += item.bytes
        names.push(...item.names)
        looseIds.push(...item.looseIds)
        isConnected &&= item.isConnected
      }
    }
  }
  return {
    emitted,
    skippedClean,
    bytes,
    names: [...new Set(names.map(({ object, name }) => `${object} ${name.text}`))].sort(),
    looseIds: looseIds.sort(),
    isConnected,
    unreadIds: [...worker.takeUnreadIds()].sort(),
  }
}

function hashOf({ bytes }: { readonly bytes: Uint8Array }): string {
  return createHash('sha1').update(bytes).digest('hex')
}
