import { expect } from 'vitest'
import {
  type Kernel,
  KernelError,
  PADDING,
  type Region,
} from '../../../src/git/packfile/walk/kernel.ts'
import { createWasmKernel } from '../../../src/git/packfile/walk/kernel-wasm.ts'
import { createZlibKernel } from '../../../src/git/packfile/walk/kernel-zlib.ts'
import { instantiate } from '../../../src/git/wasm/instantiate.ts'

const LIMIT = 64 << 20

/** The kernel in WebAssembly, and the one over node:zlib. */
export const fast: Kernel = createWasmKernel(instantiate()!, LIMIT)
export const slow: Kernel = createZlibKernel(LIMIT)

/** The name of a `KernelError`, or the bytes of the result, as one text that is easy to compare. */
export type Outcome = keyof typeof KernelError | `bytes ${string}`

export function made(bytes: Buffer): Outcome {
  return `bytes ${bytes.toString('latin1')}`
}

export interface Task {
  readonly inputs: readonly Uint8Array[]
  /** Bytes that the result has room for. */
  readonly room: number
  readonly run: (kernel: Kernel, inputs: readonly Region[], into: Region) => number
  /** The byte that fills the memory around all regions. */
  readonly around?: number
}

const MARGIN = 512

/**
 * Runs a task with its inputs in the kernel's memory, and expects that it writes nothing but the
 * room for its result, and the padding behind that.
 */
export function outcomeOf(kernel: Kernel, { inputs, room, run, around = 0xa5 }: Task): Outcome {
  const start = kernel.firstFree
  const end =
    inputs.reduce((sum, input) => sum + input.length + MARGIN, start + MARGIN) + room + MARGIN
  expect(kernel.reserve(end)).toBe(true)
  const memory = kernel.memory()
  memory.fill(around, start, end)
  let at = start + MARGIN
  const regions = inputs.map((input): Region => {
    const region = { from: at, to: at + input.length }
    memory.set(input, at)
    at = region.to + MARGIN
    return region
  })
  const into = { from: at, to: at + room }
  const before = Buffer.from(memory.subarray(start, end))
  const result = run(kernel, regions, into)
  expect(kernel.memory()).toBe(memory)
  const after = Buffer.from(memory.buffer, memory.byteOffset + start, end - start)
  const [roomStart, roomEnd] = [into.from - start, into.to + PADDING - start]
  if (!after.subarray(0, roomStart).equals(before.subarray(0, roomStart)))
    throw new Error('written before the room')
  if (!after.subarray(roomEnd).equals(before.subarray(roomEnd)))
    throw new Error('written behind the room')
  if (result > room) throw new Error(`${result} bytes in a room for ${room}`)
  if (result >= 0) return made(after.subarray(roomStart, roomStart + result))
  for (const name of ['damaged', 'truncated', 'tooLong'] as const) {
    if (KernelError[name] === result) return name
  }
  throw new Error(`the kernel gave ${result}`)
}
