import type { WasmInstance } from '../../wasm/instantiate.ts'
import { type Entries, kindOf } from '../plan/entries.ts'
import {
  MAX_OBJECT_BYTES,
  type WalkContext,
  namesBelow,
  type VisitResult,
  type PackWalker,
  type WalkPlan,
} from '../emit-object.ts'
import { type Kernel, PADDING } from './kernel.ts'
import { compressedOf, readFully, STRETCH_BYTES, WINDOW_BYTES, WINDOWS } from '../pack-bytes.ts'
import {
  entryRecordBytes,
  firstStretches,
  RECORD_CHUNK_BYTES,
  writeEntryRecords,
} from './entry-records.ts'
import type { FilterSession } from './filter-session.ts'

/** Their records take 96 MB in each thread. */
const MAX_ENTRIES = 4 << 20

/** In each thread; what is not noted can be read. */
const MAX_NOTED_BYTES = 24 << 20

/**
 * What `Walk` does, by assembly/walk.ts: nearly all entries hold nothing, and need nothing from
 * here but their bytes. In the kernel's memory are windows of packs, then a record for each entry,
 * then the objects.
 */
export class FastWalk implements PackWalker {
  readonly #instance: WasmInstance
  readonly #floor: number
  #unread: string[] = []
  #notes: Uint8Array<ArrayBuffer>[] = []
  #roomForNotes = MAX_NOTED_BYTES

  /** Undefined where there are too many entries, or there is no memory: then its twin walks. */
  static for(plan: WalkPlan, means: WalkContext): FastWalk | undefined {
    const { kernel } = means
    const floor = recordsAt(kernel) + entryRecordBytes(plan.entries.count) + PADDING
    return kernel.instance !== undefined &&
      plan.entries.count <= MAX_ENTRIES &&
      kernel.reserve(floor + RECORD_CHUNK_BYTES)
      ? new FastWalk(plan, means, kernel.instance, floor)
      : undefined
  }

  private constructor(
    plan: WalkPlan,
    { kernel, files, sifting, maxBlobBytes, noting }: WalkContext,
    instance: WasmInstance,
    floor: number,
  ) {
    this.#instance = instance
    this.#floor = floor
    const { loops } = instance
    const firsts = firstStretches(plan)
    writeEntryRecords(plan, firsts, instance, recordsAt(kernel))
    loops.setRecords(recordsAt(kernel))
    loops.setWindows(kernel.first, WINDOW_BYTES)
    loops.setLimits(MAX_OBJECT_BYTES, maxBlobBytes)
    const { longestKeyword = 0, headBytes = 0 } = sifting?.sieve ?? {}
    loops.setSight(
      sifting !== undefined,
      plan.names.memory.idBytes,
      sifting?.table?.packed ?? 0,
      longestKeyword,
      headBytes,
    )
    loops.setNoting(sifting !== undefined && noting)
    instance.answer(
      {
        ...sightOf(kernel, sifting),
        ...bytesOf(plan.entries, { kernel, files, firsts }),
        leave: (entry) => this.#leave(plan, entry),
        keepNotes: (from, to) => this.#note(from, to),
      },
      sifting?.table?.find,
    )
  }

  takeUnread(): readonly string[] {
    const unread = this.#unread
    this.#unread = []
    return unread
  }

  #leave(plan: WalkPlan, entry: number): void {
    for (const id of namesBelow(plan, entry)) this.#unread.push(id)
  }

  takeNotes(): readonly Uint8Array<ArrayBuffer>[] {
    this.#instance.loops.flushNotes()
    const notes = this.#notes
    this.#notes = []
    return notes
  }

  #note(from: number, to: number): void {
    this.#roomForNotes -= to - from
    if (this.#roomForNotes < 0) this.#instance.loops.setNoting(false)
    else this.#notes.push(this.#instance.memory().slice(from, to))
  }

  begin(root: number): void {
    this.#instance.loops.begin(root, this.#floor)
  }

  next(): VisitResult | undefined {
    const { loops } = this.#instance
    const entry = loops.next()
    if (entry < 0) return undefined
    const from = loops.seen()
    return {
      entry,
      content: from === 0 ? undefined : { from, to: loops.seenEnd() },
      size: loops.seenSize(),
    }
  }
}

/** Behind the windows. */
function recordsAt(kernel: Kernel): number {
  return kernel.first + WINDOWS * (WINDOW_BYTES + PADDING)
}

type Answers = Parameters<WasmInstance['answer']>[0]

/** What is asked of a sieve, about bytes in the kernel's memory. */
function sightOf(
  kernel: Kernel,
  sifting: FilterSession | undefined,
): Pick<Answers, 'look' | 'isOfKind' | 'follow'> {
  if (sifting === undefined) return { look: () => 0, isOfKind: () => false, follow: () => {} }
  const { sieve } = sifting
  return {
    look: (from, to, type) => sieve.inspect(kernel.memory().subarray(from, to), kindOf(type)),
    isOfKind: (from, to) =>
      sieve.needsWholeBlob(kernel.memory().subarray(from, Math.min(to, from + sieve.headBytes))),
    follow: (...[from, to, type, interest, links]) =>
      sifting.follow(kernel.memory().subarray(from, to), kindOf(type), { interest, links }),
  }
}

interface Open {
  readonly kernel: Kernel
  readonly files: readonly number[]
  readonly firsts: readonly number[]
}

/** What is asked of packs, to be read into the kernel's memory. */
function bytesOf(
  entries: Entries,
  { kernel, files, firsts }: Open,
): Pick<Answers, 'fill' | 'fetch' | 'reserve'> {
  return {
    reserve: (end) => kernel.reserve(end),
    fill(stretch, at) {
      const pack = firsts.findLastIndex((first) => first <= stretch)
      readFully(files[pack] ?? -1, {
        into: kernel.memory(),
        at,
        length: WINDOW_BYTES,
        position: (stretch - (firsts[pack] ?? 0)) * STRETCH_BYTES,
      })
    },
    fetch(entry, at) {
      const { pack, position, length } = compressedOf(entries, entry)
      return readFully(files[pack] ?? -1, { into: kernel.memory(), at, length, position })
    },
  }
}
