import { planBinary } from './binary.ts'

/**
 * What assembly/plan.ts exports, over memory that is given to it. Numbers named `…At` are addresses
 * there.
 */
export interface PlanLoops {
  readonly setEntries: (
    ...offsetsEndsSizesBasesNamesFirstsHeadersTypesRepeatsAt: [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ]
  ) => void
  readonly setFamilies: (
    ...rootsFirstChildrenNextSiblingsWeightsAt: [number, number, number, number]
  ) => void
  readonly setIds: (
    ...idsAtSlotsAtSlotCountFanoutAtIdBytesInOrder: [number, number, number, number, number, number]
  ) => void
  readonly addInOrder: (count: number, numbersAt: number) => 0 | 1
  readonly addIds: (count: number, more: number, numbersAt: number) => number
  readonly find: (
    ...name: [number, number, number, number, number, number, number, number]
  ) => number
  readonly placeEntries: (
    ...startCountNumbersAtGivenAtScratchAtCountsAtEnd: [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ]
  ) => 0 | 1
  readonly readHeaders: (
    ...windowAtFromHaveFirstEndStartIdBytes: [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ]
  ) => number
  readonly joinFamilies: (count: number) => number
}

const PAGE = 65_536

let compiled: WebAssembly.Module | undefined

/**
 * Memory of so many bytes that threads can share; undefined where there is not as much in one
 * piece, or no WebAssembly with vectors.
 */
export function sharedMemory(bytes: number): WebAssembly.SharedMemory | undefined {
  const pages = Math.ceil(bytes / PAGE)
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  } catch {
    return undefined
  }
}

/** The loops over some memory; undefined where WebAssembly lacks what they need. */
export function planLoops(memory: WebAssembly.SharedMemory): PlanLoops | undefined {
  try {
    compiled ??= new WebAssembly.Module(Buffer.from(planBinary, 'base64'))
    return new WebAssembly.Instance<PlanLoops>(compiled, { env: { memory } }).exports
  } catch {
    return undefined
  }
}
