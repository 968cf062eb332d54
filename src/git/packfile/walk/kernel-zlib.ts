import { inflateSync } from 'node:zlib'
import { applyDelta, deltaSizes, dirtyStream } from '../delta.ts'
import { hasCode, isAllocationFailure } from '../pack-surprise.ts'
import { type Kernel, KernelError, PADDING } from './kernel.ts'

/**
 * What `createWasmKernel` means, over node:zlib, in memory of at most `limit` bytes. Also stands in
 * where WebAssembly lacks vectors.
 */
export function createZlibKernel(limit: number): Kernel {
  let memory: Uint8Array = new Uint8Array(Math.min(limit, 65_536))
  let used = 0
  return {
    name: 'zlib',
    first: 0,
    memory: () => memory,
    reserve(end) {
      if (end + PADDING <= memory.length) return true
      if (end + PADDING > limit) return false
      try {
        const larger = new Uint8Array(
          Math.max(end + PADDING, Math.min(limit, Math.ceil(memory.length * 1.25))),
        )
        larger.set(memory)
        memory = larger
        return true
      } catch (error) {
        if (!isAllocationFailure(error)) throw error
        return false
      }
    },
    inflate(source, into) {
      const inflated = inflate(memory.subarray(source.from, source.to), into.to - into.from)
      used = typeof inflated === 'number' ? 0 : inflated.used
      if (typeof inflated === 'number') return inflated
      memory.set(inflated.bytes, into.from)
      return inflated.bytes.length
    },
    consumed: () => used,
    applyDelta: (delta, base, into) => applyDelta(memory, delta, base, into),
    dirtyStream: (delta, base, into, around) =>
      dirtyStream(memory, { delta, base, into, ...around }),
    deltaSizes: (delta) => deltaSizes(memory, delta),
  }
}

interface Inflated {
  readonly bytes: Uint8Array
  readonly used: number
}

function inflate(source: Uint8Array, room: number): Inflated | number {
  try {
    // zlib takes no room of no bytes, so one is given where the stream should be empty.
    const result: unknown = inflateSync(source, {
      info: true,
      maxOutputLength: Math.max(1, room),
      chunkSize: Math.max(64, Math.min(room, 1 << 20)),
    })
    if (!isInflated(result))
      throw new TypeError('node:zlib does not say how much of its input it used')
    return result.buffer.length > room
      ? KernelError.tooLong
      : { bytes: result.buffer, used: result.engine.bytesWritten }
  } catch (error) {
    if (hasCode(error, 'Z_BUF_ERROR')) return KernelError.truncated
    if (hasCode(error, 'ERR_BUFFER_TOO_LARGE')) return KernelError.tooLong
    if (hasCode(error, 'Z_DATA_ERROR') || hasCode(error, 'Z_NEED_DICT')) return KernelError.damaged
    throw error
  }
}

/** What `info: true` makes of the result; its type says nothing of it. */
function isInflated(
  result: unknown,
): result is { buffer: Uint8Array; engine: { bytesWritten: number } } {
  if (
    typeof result !== 'object' ||
    result === null ||
    !('buffer' in result) ||
    !('engine' in result)
  )
    return false
  const { buffer, engine } = result
  return (
    buffer instanceof Uint8Array &&
    typeof engine === 'object' &&
    engine !== null &&
    'bytesWritten' in engine &&
    typeof engine.bytesWritten === 'number'
  )
}
