import { wasmBinary } from './binary.ts'

const PAGE = 65_536

/** What assembly/kernel.ts exports. All numbers are addresses in its memory, or lengths, if nothing else is said there. */
interface Exports {
  readonly memory: WebAssembly.Memory
  readonly first: () => number
  readonly learn: (grams: number, count: number) => void
  readonly places: () => number
  readonly search: (from: number, to: number) => number
  readonly resume: () => number
  readonly consumed: () => number
  readonly forget: () => void
  readonly learnMark: (bytes: number) => void
  readonly entries: (from: number, to: number, idBytes: number, reach: number) => number
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
  readonly applyDelta: (...deltaBaseInto: [number, number, number, number, number, number]) => number
  readonly dirtyStream: (...deltaBaseIntoAround: [number, number, number, number, number, number, number, number]) => number
}

/** The loops over bytes that are compiled to WebAssembly, with memory of their own. */
export interface WasmInstance {
  readonly loops: Omit<Exports, 'memory'>
  /** All its memory. Another array after `reserve`. */
  memory(): Uint8Array
  /** Sees to it that there is memory up to `end`. False where there is none, or that would be more than `limit`. */
  reserve(end: number, limit: number): boolean
}

let compiled: WebAssembly.Module | undefined

/** Undefined where WebAssembly lacks vectors. */
export function instantiate(): WasmInstance | undefined {
  try {
    compiled ??= new WebAssembly.Module(Buffer.from(wasmBinary, 'base64'))
  } catch {
    return undefined
  }
  const { memory, ...loops } = new WebAssembly.Instance<Exports>(compiled).exports
  let bytes = new Uint8Array(memory.buffer)
  return {
    loops,
    memory: () => bytes,
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
