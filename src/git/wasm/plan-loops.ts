// The second WebAssembly module: loops over all entries of all packs, which plan how they are read.
import { planBinary } from './binary.ts'

/**
 * Exports of assembly/plan.ts, which the files there describe. Numbers named `…At` are addresses in
 * the memory that the module is given.
 */
export interface PlanLoops {
  readonly setEntries: (
    ...columns: [
      offsetsAt: number,
      endsAt: number,
      sizesAt: number,
      basesAt: number,
      idNumbersAt: number,
      firstEntriesAt: number,
      headerBytesAt: number,
      typesAt: number,
      duplicatesAt: number,
    ]
  ) => void
  readonly setDeltaChains: (
    ...columns: [
      rootsAt: number,
      firstChildrenAt: number,
      nextSiblingsAt: number,
      weightsAt: number,
    ]
  ) => void
  readonly setIds: (
    ...table: [
      idsAt: number,
      slotsAt: number,
      slotCount: number,
      fanoutAt: number,
      idBytes: number,
      sorted: number,
    ]
  ) => void
  readonly addSortedIds: (count: number, numbersAt: number) => 0 | 1
  readonly addIds: (count: number, added: number, numbersAt: number) => number
  readonly find: (
    ...words: [number, number, number, number, number, number, number, number]
  ) => number
  readonly placeEntries: (
    ...pack: [
      start: number,
      count: number,
      numbersAt: number,
      indexOffsetsAt: number,
      scratchAt: number,
      countsAt: number,
      end: number,
    ]
  ) => 0 | 1
  readonly readHeaders: (
    ...window: [
      windowAt: number,
      from: number,
      length: number,
      first: number,
      end: number,
      packStart: number,
      idBytes: number,
    ]
  ) => number
  readonly linkDeltaChains: (count: number) => number
}

const PAGE_BYTES = 65_536

let compiled: WebAssembly.Module | undefined

/**
 * Allocates memory that threads can share. Undefined when there is no such piece, or no support for
 * shared WebAssembly memory.
 */
export function createSharedMemory(bytes: number): WebAssembly.SharedMemory | undefined {
  const pages = Math.ceil(bytes / PAGE_BYTES)
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  } catch {
    return undefined
  }
}

/** Creates an instance over a memory. Undefined when the engine does not support the module. */
export function instantiatePlanLoops(memory: WebAssembly.SharedMemory): PlanLoops | undefined {
  try {
    compiled ??= new WebAssembly.Module(Buffer.from(planBinary, 'base64'))
    return new WebAssembly.Instance<PlanLoops>(compiled, { env: { memory } }).exports
  } catch {
    return undefined
  }
}
