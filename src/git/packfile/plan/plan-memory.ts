import { type PlanLoops, instantiatePlanLoops, createSharedMemory } from '../../wasm/plan-loops.ts'

/** A typed array, and what it takes to make one over memory that threads share. */
interface Shareable<T> {
  readonly BYTES_PER_ELEMENT: number
  new (memory: SharedArrayBuffer, at: number, count: number): T
}

/** Where the columns of a plan lie. */
export interface PlanMemory {
  /** So many numbers, all 0. */
  take<T>(type: Shareable<T>, count: number): T
  /** Loops over all that was taken, and the memory it is in; undefined where there are none. */
  readonly fast:
    | { readonly loops: PlanLoops; readonly memory: WebAssembly.SharedMemory }
    | undefined
}

/**
 * Every array begins at such an address, and between two of them some bytes are free, which may be
 * read.
 */
const ALIGNMENT = 64

/** More arrays than are ever taken. */
const MAX_ARRAYS = 64

/** What arrays of so many bytes together take of it. */
export function bytesWithGaps(bytes: number): number {
  return bytes + 2 * ALIGNMENT * MAX_ARRAYS
}

/**
 * Memory that loops in WebAssembly can work in; memory of its own for each array where there are
 * none, or not as much.
 */
export function planMemory(bytes: number): PlanMemory {
  const memory = createSharedMemory(bytes)
  const loops = memory && instantiatePlanLoops(memory)
  if (memory === undefined || loops === undefined) return plainMemory()
  let next = ALIGNMENT
  return {
    take(type, count) {
      const at = next
      next = ALIGNMENT * (Math.ceil((at + count * type.BYTES_PER_ELEMENT) / ALIGNMENT) + 1)
      return new type(memory.buffer, at, count)
    },
    fast: { loops, memory },
  }
}

export function plainMemory(): PlanMemory {
  return {
    take: (type, count) =>
      new type(new SharedArrayBuffer(count * type.BYTES_PER_ELEMENT), 0, count),
    fast: undefined,
  }
}
