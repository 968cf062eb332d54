import { wasmBinary } from './binary.ts'
import type { PlanLoops } from './plan-loops.ts'

const PAGE = 65_536

/** As in assembly/packed.ts. */
const FIND = 0

/**
 * What assembly/kernel.ts exports. All numbers are addresses in its memory, or lengths, if nothing
 * else is said there.
 */
interface Exports {
  readonly memory: WebAssembly.Memory
  readonly table: WebAssembly.Table
  readonly first: () => number
  readonly learn: (grams: number, count: number) => void
  readonly places: () => number
  readonly search: (from: number, to: number) => number
  readonly resume: () => number
  readonly consumed: () => number
  readonly headerIds: () => number
  readonly forget: () => void
  readonly mayBeOfKind: (from: number, to: number) => 0 | 1
  readonly learnMark: (bytes: number) => void
  readonly linkPlaces: () => number
  readonly markPlaces: () => number
  readonly markCount: () => number
  readonly want: (bytes: number) => void
  readonly folders: (from: number, to: number, idBytes: number) => number
  readonly number: (...fromToIdBytesGiven: [number, number, number, number]) => void
  readonly notedPlaces: () => number
  readonly notedCount: () => number
  readonly inflate: (...fromToIntoEnd: [number, number, number, number]) => number
  readonly resultSizeOf: (from: number, to: number) => number
  readonly kept: () => number
  readonly applyDelta: (
    ...deltaBaseInto: [number, number, number, number, number, number]
  ) => number
  readonly setNoting: (on: boolean) => void
  readonly flushNotes: () => void
  readonly setRecords: (at: number) => void
  readonly layRecords: (into: number, plan: number, count: number, stretch: number) => void
  readonly setWindows: (at: number, size: number) => void
  readonly setSight: (
    ...siftingIdBytesPackedKeywordHead: [boolean, number, number, number, number]
  ) => void
  readonly setLimits: (largestObject: number, largestBlob: number) => void
  readonly begin: (root: number, floor: number) => void
  readonly next: () => number
  readonly seen: () => number
  readonly seenEnd: () => number
  readonly seenSize: () => number
  readonly takePassed: (type: number) => number
  readonly takePassedSize: () => number
  readonly dirtyStream: (
    ...deltaBaseIntoAround: [number, number, number, number, number, number, number, number]
  ) => number
}

/** What the loops ask for while they walk: addresses in memory, types by git's codes. */
interface Answers {
  /** Reads a stretch of a pack into memory. */
  readonly fill: (stretch: number, at: number) => void
  /** Reads all compressed bytes of an entry into memory, and gives how many there were. */
  readonly fetch: (entry: number, at: number) => number
  /** Sees to it that there is memory up to an end. */
  readonly reserve: (end: number) => boolean
  readonly look: (from: number, to: number, type: number) => number
  readonly isOfKind: (from: number, to: number) => boolean
  readonly follow: (...fromToTypeInterestLinks: [number, number, number, number, number]) => void
  readonly leave: (entry: number) => void
  /** Takes notes, which are written over after that. */
  readonly keepNotes: (from: number, to: number) => void
}

/** The loops over bytes that are compiled to WebAssembly, with memory of their own. */
export interface WasmInstance {
  readonly loops: Omit<Exports, 'memory' | 'table'>
  /** All its memory. Another array after `reserve`. */
  memory(): Uint8Array
  /**
   * Sees to it that there is memory up to `end`. False where there is none, or that would be more
   * than `limit`.
   */
  reserve(end: number, limit: number): boolean
  /**
   * Says who answers what the loops ask for, instead of who did before. `find` tells numbers of
   * names, if it is said that some are in packs.
   */
  answer(answers: Answers, find: PlanLoops['find'] | undefined): void
}

let compiled: WebAssembly.Module | undefined

/** Undefined where WebAssembly lacks vectors. */
export function instantiate(): WasmInstance | undefined {
  try {
    compiled ??= new WebAssembly.Module(Buffer.from(wasmBinary, 'base64'))
  } catch {
    return undefined
  }
  let answers: Answers | undefined
  const { memory, table, ...loops } = new WebAssembly.Instance<Exports>(compiled, {
    walk: forwarding(() => answers),
  }).exports
  let bytes = new Uint8Array(memory.buffer)
  return {
    loops,
    memory: () => bytes,
    answer(given, find) {
      answers = given
      if (find !== undefined) table.set(FIND, find)
    },
    reserve(end, limit) {
      if (end <= bytes.length) return true
      if (end > limit) return false
      // A quarter more than there was, so that many small steps cost few moves.
      const wanted = Math.max(end, Math.min(limit, bytes.length * 1.25))
      try {
        memory.grow(Math.ceil(wanted / PAGE) - bytes.length / PAGE)
      } catch {
        return false
      }
      bytes = new Uint8Array(memory.buffer)
      return true
    },
  }
}

function forwarding(current: () => Answers | undefined): Answers {
  const answers = (): Answers => {
    const given = current()
    if (given === undefined) throw new Error('the loops ask, and nobody answers')
    return given
  }
  return {
    fill: (stretch, at) => answers().fill(stretch, at),
    fetch: (entry, at) => answers().fetch(entry, at),
    reserve: (end) => answers().reserve(end),
    look: (from, to, type) => answers().look(from, to, type),
    isOfKind: (from, to) => answers().isOfKind(from, to),
    follow: (...question) => answers().follow(...question),
    leave: (entry) => answers().leave(entry),
    keepNotes: (from, to) => answers().keepNotes(from, to),
  }
}
