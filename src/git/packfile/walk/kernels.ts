import { instantiate } from '../../wasm/instantiate.ts'
import type { Kernel } from './kernel.ts'
import { createWasmKernel } from './kernel-wasm.ts'
import { createZlibKernel } from './kernel-zlib.ts'

/** Memory that a kernel takes at most: room for three objects of `MAX_OBJECT_BYTES`, and windows. */
const MAX_MEMORY_BYTES = 384 << 20

/**
 * Creates the kernel of a reader choice: `zlib` is the one over node:zlib; `auto` and `pack` are
 * the one in WebAssembly, unless this runtime lacks the vector instructions that it needs.
 */
export function createKernel(choice: 'auto' | 'pack' | 'zlib'): Kernel {
  const instance = choice === 'zlib' ? undefined : instantiate()
  return instance === undefined
    ? createZlibKernel(MAX_MEMORY_BYTES)
    : createWasmKernel(instance, MAX_MEMORY_BYTES)
}
