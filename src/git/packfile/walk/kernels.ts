import { instantiate } from '../../wasm/instantiate.ts'
import type { Kernel } from './kernel.ts'
import { createWasmKernel } from './kernel-wasm.ts'
import { createZlibKernel } from './kernel-zlib.ts'

/** Memory a kernel takes at most: three of the largest objects, and windows. */
const LIMIT_BYTES = 384 << 20

/**
 * Makes kernels of the kind that was asked for; `auto` is the faster one where this runtime has
 * what it takes.
 */
export function kernelOf(choice: 'auto' | 'pack' | 'zlib'): () => Kernel {
  return () => {
    const instance = choice === 'zlib' ? undefined : instantiate()
    return instance === undefined
      ? createZlibKernel(LIMIT_BYTES)
      : createWasmKernel(instance, LIMIT_BYTES)
  }
}
