import type { ObjectKind } from '../model.ts'
import type { WasmInstance } from '../wasm/instantiate.ts'
import { type Entries, KINDS } from './entries.ts'
import { LARGEST_BYTES, type Means, namesBelow, type Seen, type Visits, type WalkPlan } from './given.ts'
import { type Kernel, PADDING } from './kernel.ts'
import { LONGEST_ENTRY_BYTES } from './links.ts'
import { readFully, STRETCH_BYTES, WINDOW_BYTES, WINDOWS } from './pack-bytes.ts'
import { bytesOfRecords, firstStretches, layRecords } from './records.ts'
import { NEAR_ENTRIES_BYTES, type Sifting } from './sifted.ts'

/**
 * What `Walk` does, by assembly/walk.ts: nearly all entries hold nothing, and need nothing from here but their bytes. In the kernel's
 * memory are windows of packs, then a record for each entry, then the objects.
 */
export class FastWalk implements Visits {
  readonly #instance: WasmInstance
  readonly #floor: number
  #unread: string[] = []

  constructor(plan: WalkPlan, { kernel, files, sifting, maxBlobBytes }: Means, instance: WasmInstance) {
    this.#instance = instance
    const { loops } = instance
    const records = kernel.first + WINDOWS * (WINDOW_BYTES + PADDING)
    this.#floor = records + bytesOfRecords(plan.entries.count) + PADDING
    const firsts = firstStretches(plan)
    if (!kernel.reserve(this.#floor) || !layRecords(plan, firsts, kernel, records)) throw new RangeError('no memory for windows of packs')
    loops.setWindows(kernel.first, WINDOW_BYTES)
    loops.setLimits(LARGEST_BYTES, maxBlobBytes)
    const { longestKeyword = 0, headBytes = 0 } = sifting?.sieve ?? {}
    loops.setSight(sifting !== undefined, plan.names.memory.idBytes, longestKeyword, headBytes, NEAR_ENTRIES_BYTES, LONGEST_ENTRY_BYTES)
    instance.answer({ ...sightOf(kernel, sifting), ...bytesOf(plan.entries, { kernel, files, firsts }), leave: (entry) => this.#unread.push(...namesBelow(plan, entry)) })
  }

  takeUnread(): readonly string[] {
    const unread = this.#unread
    this.#unread = []
    return unread
  }

  begin(root: number): void {
    this.#instance.loops.begin(root, this.#floor)
  }

  next(): Seen | undefined {
    const { loops } = this.#instance
    const entry = loops.next()
    if (entry < 0) return undefined
    const from = loops.seen()
    return { entry, content: from === 0 ? undefined : { from, to: loops.seenEnd() }, size: loops.seenSize() }
  }
}

type Answers = Parameters<WasmInstance['answer']>[0]

/** What is asked of a sieve, about bytes in the kernel's memory. */
function sightOf(kernel: Kernel, sifting: Sifting | undefined): Pick<Answers, 'look' | 'isOfKind' | 'follow'> {
  if (sifting === undefined) return { look: () => 0, isOfKind: () => false, follow: () => false }
  const { sieve } = sifting
  return {
    look: (from, to, type) => sieve.look(kernel.memory().subarray(from, to), kindOf(type)),
    isOfKind: (from, to) => sieve.isOfKind(kernel.memory().subarray(from, Math.min(to, from + sieve.headBytes))),
    follow: (...[from, to, type, reach, interest, links]) => sifting.follow({ interest, bytes: kernel.memory().subarray(from, to), reach: reach === 0 ? 'whole' : reach }, kindOf(type), links),
  }
}

function kindOf(type: number): ObjectKind {
  return KINDS[type] ?? 'blob'
}

interface Open {
  readonly kernel: Kernel
  readonly files: readonly number[]
  readonly firsts: readonly number[]
}

/** What is asked of packs, to be read into the kernel's memory. */
function bytesOf(entries: Entries, { kernel, files, firsts }: Open): Pick<Answers, 'fill' | 'fetch' | 'reserve'> {
  return {
    reserve: (end) => kernel.reserve(end),
    fill(stretch, at) {
      const pack = firsts.findLastIndex((first) => first <= stretch)
      readFully(files[pack] ?? -1, { into: kernel.memory(), at, length: WINDOW_BYTES, position: (stretch - (firsts[pack] ?? 0)) * STRETCH_BYTES })
    },
    fetch(entry, at) {
      const pack = entries.packStarts.findLastIndex((first) => first <= entry)
      const position = (entries.offsets[entry] ?? 0) + (entries.headers[entry] ?? 0)
      return readFully(files[pack] ?? -1, { into: kernel.memory(), at, length: (entries.ends[entry] ?? 0) - position, position })
    },
  }
}
