// The main WebAssembly module: loops over the bytes of git objects, written in AssemblyScript.
import { wasmBinary } from './binary.ts'
import type { PlanLoops } from './plan-loops.ts'

const PAGE_BYTES = 65_536

/** Slot of the module's function table for `find`, as in assembly/pack-ids.ts. */
const FIND = 0

/**
 * Exports of assembly/kernel.ts, which the files there describe. Numbers are addresses in the
 * module's memory or lengths in bytes, unless the description says otherwise.
 */
interface KernelExports {
  readonly memory: WebAssembly.Memory
  readonly table: WebAssembly.Table
  readonly firstFree: () => number
  readonly addGrams: (grams: number, count: number, code: number) => void
  readonly candidateOffsets: () => number
  readonly findCandidates: (from: number, to: number) => number
  readonly resumeAt: () => number
  readonly consumed: () => number
  readonly headerIds: () => number
  readonly forgetRecent: () => void
  readonly mayNeedWholeBlob: (from: number, to: number) => 0 | 1
  readonly addNameFragment: (bytes: number) => void
  readonly linkOffsets: () => number
  readonly fragmentOffsets: () => number
  readonly fragmentCount: () => number
  readonly addWantedPrefix: (bytes: number) => void
  readonly scanTree: (from: number, to: number, idBytes: number) => number
  readonly numberFolder: (
    ...entry: [at: number, to: number, idBytes: number, folder: number]
  ) => void
  readonly scannedEntries: () => number
  readonly scannedCount: () => number
  readonly inflate: (...regions: [from: number, to: number, into: number, end: number]) => number
  readonly resultSizeOf: (delta: number, deltaEnd: number) => number
  readonly keptPrefix: () => number
  readonly applyDelta: (...regions: DeltaRegions) => number
  readonly dirtyStream: (...regions: [...DeltaRegions, radius: number, headBytes: number]) => number
  readonly setTreeDiffLogging: (on: boolean) => void
  readonly flushTreeDiffs: () => void
  readonly setEntryRecords: (at: number) => void
  readonly writeEntryRecords: (
    ...records: [into: number, plan: number, count: number, firstStretch: number]
  ) => void
  readonly setWindows: (at: number, bytes: number) => void
  readonly setFilter: (
    ...filter: [
      hasFilter: boolean,
      idBytes: number,
      packedIds: number,
      longestKeyword: number,
      headBytes: number,
    ]
  ) => void
  readonly setSizeLimits: (objectBytes: number, blobBytes: number) => void
  readonly beginWalk: (root: number, floor: number) => void
  readonly nextVisit: () => number
  readonly visitedContent: () => number
  readonly visitedContentEnd: () => number
  readonly visitedSize: () => number
  readonly takeSkippedCount: (type: number) => number
  readonly takeSkippedBytes: () => number
}

type DeltaRegions = [
  delta: number,
  deltaEnd: number,
  base: number,
  baseEnd: number,
  into: number,
  end: number,
]

/**
 * Functions that the module calls while it walks over packs, in src/git/packfile/walk. Numbers are
 * addresses in its memory and lengths; types are git's codes.
 */
interface WalkCallbacks {
  /** Reads the window of a pack that begins with the given stretch to `at`. */
  readonly fillWindow: (stretch: number, at: number) => void
  /** Reads all compressed bytes of an entry to `at`, and returns how many there were. */
  readonly readCompressed: (entry: number, at: number) => number
  /** Grows memory up to `end`. False when that is not possible. */
  readonly reserve: (end: number) => boolean
  /** Applies the rules to an object, or to the changed parts of it. Returns a `FilterResult`. */
  readonly inspect: (from: number, to: number, type: number) => number
  /** True when a blob with this beginning must be emitted whatever the rules find. */
  readonly needsWholeBlob: (from: number, to: number) => boolean
  /**
   * Checks the objects and names that an object refers to. `links`: how many the module has listed;
   * negative when its list is incomplete.
   */
  readonly followLinks: (
    ...object: [from: number, to: number, type: number, result: number, links: number]
  ) => void
  /** Leaves an entry and all deltas that build on it to another reader. */
  readonly deferSubtree: (entry: number) => void
  /** Copies records of the tree diff log, which the module overwrites after that. */
  readonly saveTreeDiffs: (from: number, to: number) => void
}

/** An instance of the module, with a memory of its own. */
export interface WasmInstance {
  readonly loops: Omit<KernelExports, 'memory' | 'table'>
  /** Returns all of the memory. After `reserve` that may be another array. */
  memory(): Uint8Array
  /** Grows the memory up to `end`. False when that exceeds `limit` or is not possible. */
  reserve(end: number, limit: number): boolean
  /**
   * Replaces the functions that the module calls. `find` returns the number of an object ID; it is
   * needed when the module was told that some IDs are in packs.
   */
  setCallbacks(callbacks: WalkCallbacks, find: PlanLoops['find'] | undefined): void
}

let compiled: WebAssembly.Module | undefined

/**
 * Creates an instance. Undefined when the engine supports no WebAssembly with vectors, or cannot
 * reserve the gigabytes of addresses that it wants for one (`ulimit -v`): callers then use the twin.
 */
export function instantiate(): WasmInstance | undefined {
  let callbacks: WalkCallbacks | undefined
  const exports = instantiateModule(forwardTo(() => callbacks))
  if (exports === undefined) return undefined
  const { memory, table, ...loops } = exports
  let bytes = new Uint8Array(memory.buffer)
  return {
    loops,
    memory: () => bytes,
    setCallbacks(newCallbacks, find) {
      callbacks = newCallbacks
      if (find !== undefined) table.set(FIND, find)
    },
    reserve(end, limit) {
      if (end <= bytes.length) return true
      if (end > limit) return false
      // At least a quarter more than before, since each growth may move the memory.
      const newLength = Math.max(end, Math.min(limit, bytes.length * 1.25))
      try {
        memory.grow(Math.ceil(newLength / PAGE_BYTES) - bytes.length / PAGE_BYTES)
      } catch {
        return false
      }
      bytes = new Uint8Array(memory.buffer)
      return true
    },
  }
}

function instantiateModule(walk: WalkCallbacks): KernelExports | undefined {
  try {
    compiled ??= new WebAssembly.Module(Buffer.from(wasmBinary, 'base64'))
    return new WebAssembly.Instance<KernelExports>(compiled, { walk }).exports
  } catch (error) {
    if (error instanceof Error && /^(?:CompileError|RangeError)$/.test(error.name)) return undefined
    throw error
  }
}

/** Imports of the module, which are fixed, that call the current callbacks. */
function forwardTo(current: () => WalkCallbacks | undefined): WalkCallbacks {
  const callbacks = (): WalkCallbacks => {
    const set = current()
    if (set === undefined) throw new Error('the WebAssembly loops walk before setCallbacks')
    return set
  }
  return {
    fillWindow: (stretch, at) => callbacks().fillWindow(stretch, at),
    readCompressed: (entry, at) => callbacks().readCompressed(entry, at),
    reserve: (end) => callbacks().reserve(end),
    inspect: (from, to, type) => callbacks().inspect(from, to, type),
    needsWholeBlob: (from, to) => callbacks().needsWholeBlob(from, to),
    followLinks: (...object) => callbacks().followLinks(...object),
    deferSubtree: (entry) => callbacks().deferSubtree(entry),
    saveTreeDiffs: (from, to) => callbacks().saveTreeDiffs(from, to),
  }
}
