import type { WasmInstance } from '../../wasm/instantiate.ts'
import { type Entries, kindOf } from '../plan/entries.ts'
import {
  idsBelow,
  MAX_OBJECT_BYTES,
  type PackWalker,
  type VisitResult,
  type WalkContext,
  type WalkPlan,
} from '../emit-object.ts'
import { type Kernel, PADDING } from './kernel.ts'
import {
  compressedOf,
  readUntilFailure,
  STRETCH_BYTES,
  WINDOW_BYTES,
  WINDOWS,
} from '../pack-bytes.ts'
import {
  entryRecordBytes,
  firstStretches,
  RECORD_CHUNK_BYTES,
  writeEntryRecords,
} from './entry-records.ts'
import type { FilterSession } from './filter-session.ts'

/** The records of so many entries take 96 MB in each thread. */
const MAX_ENTRIES = 4 << 20

/** Bytes of the tree diff log in each thread. Trees that are not logged can be read again. */
const MAX_TREE_DIFF_BYTES = 24 << 20

/**
 * Walks delta chains by assembly/walk.ts: nearly all entries hold nothing, and cross into
 * JavaScript only to have their bytes read from the pack. The kernel's memory has windows of packs,
 * then a record for each entry, then the objects. Twin: `PlainWalker`.
 */
export class WasmWalker implements PackWalker {
  readonly #instance: WasmInstance
  /** The first address behind the records. */
  readonly #floor: number
  #unreadIds: string[] = []
  #treeDiffs: Uint8Array<ArrayBuffer>[] = []
  #treeDiffBytesLeft = MAX_TREE_DIFF_BYTES

  /**
   * Creates a walker; undefined when the kernel is not in WebAssembly, the entries are too many or
   * there is too little memory. `PlainWalker` walks then.
   */
  static for(plan: WalkPlan, context: WalkContext): WasmWalker | undefined {
    const { kernel } = context
    const floor = recordsAddress(kernel) + entryRecordBytes(plan.entries.count) + PADDING
    return kernel.instance !== undefined &&
      plan.entries.count <= MAX_ENTRIES &&
      kernel.reserve(floor + RECORD_CHUNK_BYTES)
      ? new WasmWalker(plan, context, kernel.instance, floor)
      : undefined
  }

  private constructor(
    plan: WalkPlan,
    { kernel, packFds, session, maxBlobBytes, logsTreeDiffs }: WalkContext,
    instance: WasmInstance,
    floor: number,
  ) {
    this.#instance = instance
    this.#floor = floor
    const { loops } = instance
    const firsts = firstStretches(plan)
    writeEntryRecords(plan, firsts, instance, recordsAddress(kernel))
    loops.setEntryRecords(recordsAddress(kernel))
    loops.setWindows(kernel.firstFree, WINDOW_BYTES)
    loops.setSizeLimits(MAX_OBJECT_BYTES, maxBlobBytes)
    const { longestKeyword = 0, headBytes = 0 } = session?.filter ?? {}
    loops.setFilter(
      session !== undefined,
      plan.ids.memory.idBytes,
      session?.wasmTable?.packedCount ?? 0,
      longestKeyword,
      headBytes,
    )
    loops.setTreeDiffLogging(session !== undefined && logsTreeDiffs)
    instance.setCallbacks(
      {
        ...filterCallbacks(kernel, session),
        ...packCallbacks(plan.entries, { kernel, packFds, firsts }),
        deferSubtree: (entry) => this.#leaveToGit(plan, entry),
        saveTreeDiffs: (from, to) => this.#keepTreeDiffs(from, to),
      },
      session?.wasmTable?.find,
    )
  }

  takeUnreadIds(): readonly string[] {
    const ids = this.#unreadIds
    this.#unreadIds = []
    return ids
  }

  takeTreeDiffs(): readonly Uint8Array<ArrayBuffer>[] {
    this.#instance.loops.flushTreeDiffs()
    const diffs = this.#treeDiffs
    this.#treeDiffs = []
    return diffs
  }

  begin(root: number): void {
    this.#instance.loops.beginWalk(root, this.#floor)
  }

  next(): VisitResult | undefined {
    const { loops } = this.#instance
    const entry = loops.nextVisit()
    if (entry < 0) return undefined
    const from = loops.visitedContent()
    return {
      entry,
      content: from === 0 ? undefined : { from, to: loops.visitedContentEnd() },
      size: loops.visitedSize(),
    }
  }

  #leaveToGit(plan: WalkPlan, entry: number): void {
    for (const id of idsBelow(plan, entry)) this.#unreadIds.push(id)
  }

  /** Copies a part of the tree diff log, which `assembly/` overwrites after this. */
  #keepTreeDiffs(from: number, to: number): void {
    this.#treeDiffBytesLeft -= to - from
    if (this.#treeDiffBytesLeft < 0) this.#instance.loops.setTreeDiffLogging(false)
    else this.#treeDiffs.push(this.#instance.memory().slice(from, to))
  }
}

/** Returns the address of the first record, which is behind the windows. */
function recordsAddress(kernel: Kernel): number {
  return kernel.firstFree + WINDOWS * (WINDOW_BYTES + PADDING)
}

/** The functions of JavaScript that `assembly/` calls while it walks. */
type WalkCallbacks = Parameters<WasmInstance['setCallbacks']>[0]

/** Returns the callbacks that inspect objects in the kernel's memory. */
function filterCallbacks(
  kernel: Kernel,
  session: FilterSession | undefined,
): Pick<WalkCallbacks, 'inspect' | 'needsWholeBlob' | 'followLinks'> {
  if (session === undefined)
    return { inspect: () => 0, needsWholeBlob: () => false, followLinks: () => {} }
  const { filter } = session
  return {
    inspect: (from, to, type) => filter.inspect(kernel.memory().subarray(from, to), kindOf(type)),
    needsWholeBlob: (from, to) =>
      filter.needsWholeBlob(kernel.memory().subarray(from, Math.min(to, from + filter.headBytes))),
    followLinks: (...[from, to, type, result, linkCount]) =>
      session.followLinks(kernel.memory().subarray(from, to), kindOf(type), { result, linkCount }),
  }
}

interface OpenPacks {
  readonly kernel: Kernel
  readonly packFds: readonly number[]
  /** As `firstStretches` returns them. */
  readonly firsts: readonly number[]
}

/** Returns the callbacks that read bytes of packs into the kernel's memory. */
function packCallbacks(
  entries: Entries,
  { kernel, packFds, firsts }: OpenPacks,
): Pick<WalkCallbacks, 'fillWindow' | 'readCompressed' | 'reserve'> {
  return {
    reserve: (end) => kernel.reserve(end),
    fillWindow(stretch, at) {
      const pack = firsts.findLastIndex((first) => first <= stretch)
      readUntilFailure(packFds[pack] ?? -1, {
        into: kernel.memory(),
        at,
        length: WINDOW_BYTES,
        position: (stretch - (firsts[pack] ?? 0)) * STRETCH_BYTES,
      })
    },
    readCompressed(entry, at) {
      const { pack, position, length } = compressedOf(entries, entry)
      return readUntilFailure(packFds[pack] ?? -1, { into: kernel.memory(), at, length, position })
    },
  }
}
