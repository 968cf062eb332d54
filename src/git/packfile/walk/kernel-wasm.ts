import type { WasmInstance } from '../../wasm/instantiate.ts'
import { type Kernel, PADDING } from './kernel.ts'

/** The loops of assembly/, in memory of at most `limit` bytes. Twin: `createZlibKernel`. */
export function createWasmKernel(instance: WasmInstance, limit: number): Kernel {
  const { loops } = instance
  return {
    name: 'wasm',
    instance,
    first: loops.firstFree(),
    memory: instance.memory,
    reserve: (end) => instance.reserve(end + PADDING, limit),
    inflate: (source, into) => loops.inflate(source.from, source.to, into.from, into.to),
    consumed: loops.consumed,
    applyDelta: (delta, base, into) =>
      loops.applyDelta(delta.from, delta.to, base.from, base.to, into.from, into.to),
    dirtyStream: (delta, base, into, { reach, head }) =>
      loops.dirtyStream(delta.from, delta.to, base.from, base.to, into.from, into.to, reach, head),
    deltaSizes(delta) {
      const result = loops.resultSizeOf(delta.from, delta.to)
      return result < 0 ? undefined : { result, kept: loops.keptPrefix() }
    },
  }
}
