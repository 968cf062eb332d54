import { type PlanLoops, instantiatePlanLoops, createSharedMemory } from '../../wasm/plan-loops.ts'

/** The constructor of a typed array over memory that threads can share. */
interface ArrayConstructor<T> {
  readonly BYTES_PER_ELEMENT: number
  new (memory: SharedArrayBuffer, at: number, length: number): T
}

/** Allocates the arrays of a plan. */
export interface PlanMemory {
  /** Returns an array of zeros, in memory that threads can share. */
  allocate<T>(type: ArrayConstructor<T>, length: number): T
  /** The memory that has all the arrays, and the loops over it; undefined without WebAssembly. */
  readonly wasm:
    | { readonly loops: PlanLoops; readonly memory: WebAssembly.SharedMemory }
    | undefined
}

/**
 * Every array begins at a multiple of this address. Behind each one some bytes are unused, which
 * the loops may read.
 */
const ALIGNMENT = 64

/** More arrays than a plan has. */
const MAX_ARRAYS = 64

/** Returns how much memory arrays of `bytes` together take with the gaps between them. */
export function bytesWithGaps(bytes: number): number {
  return bytes + 2 * ALIGNMENT * MAX_ARRAYS
}

/**
 * Creates the memory of a plan of at most `bytes`, for the loops in WebAssembly. Falls back to
 * `plainMemory` where there is no WebAssembly with vectors, or not so much memory in one piece.
 */
export function planMemory(bytes: number): PlanMemory {
  const memory = createSharedMemory(bytes)
  const loops = memory && instantiatePlanLoops(memory)
  if (memory === undefined || loops === undefined) return plainMemory()
  let next = ALIGNMENT
  return {
    allocate(type, length) {
      const at = next
      next = ALIGNMENT * (Math.ceil((at + length * type.BYTES_PER_ELEMENT) / ALIGNMENT) + 1)
      return new type(memory.buffer, at, length)
    },
    wasm: { loops, memory },
  }
}

/** Creates memory in which each array has a buffer of its own. */
export function plainMemory(): PlanMemory {
  return {
    allocate: (type, length) =>
      new type(new SharedArrayBuffer(length * type.BYTES_PER_ELEMENT), 0, length),
    wasm: undefined,
  }
}
