import type { WasmInstance } from '../../wasm/instantiate.ts'
import { type Kernel, PADDING } from './kernel.ts'

/** Creates the kernel in WebAssembly, with at most `maxBytes` of memory. Twin: `createZlibKernel`. */
export function createWasmKernel(instance: WasmInstance, maxBytes: number): Kernel {
  const { loops } = instance
  return {
    name: 'wasm',
    instance,
    firstFree: loops.firstFree(),
    memory: instance.memory,
    reserve: (end) => instance.reserve(end + PADDING, maxBytes),
    inflate: (source, into) => loops.inflate(source.from, source.to, into.from, into.to),
    consumed: loops.consumed,
    applyDelta: (delta, base, into) =>
      loops.applyDelta(delta.from, delta.to, base.from, base.to, into.from, into.to),
    dirtyStream: (delta, base, into, { radius, headBytes }) =>
      loops.dirtyStream(
        delta.from,
        delta.to,
        base.from,
        base.to,
        into.from,
        into.to,
        radius,
        headBytes,
      ),
    deltaSizes(delta) {
      const result = loops.resultSizeOf(delta.from, delta.to)
      return result < 0 ? undefined : { result, keptPrefix: loops.keptPrefix() }
    },
  }
}
