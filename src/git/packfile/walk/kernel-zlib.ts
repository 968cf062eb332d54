import { inflateSync } from 'node:zlib'
import { applyDelta, deltaSizes, dirtyStream } from '../delta.ts'
import { hasCode, isAllocationFailure } from '../pack-surprise.ts'
import { type Kernel, KernelError, PADDING } from './kernel.ts'

/** Memory of a kernel before anything is reserved. */
const INITIAL_BYTES = 65_536

/** The most bytes that are inflated at once. */
const MAX_CHUNK_BYTES = 1 << 20

/**
 * Creates the kernel over node:zlib, with at most `maxBytes` of memory. It defines what the kernel
 * of `createWasmKernel` returns, and replaces it where WebAssembly lacks vector instructions.
 */
export function createZlibKernel(maxBytes: number): Kernel {
  let memory: Uint8Array = new Uint8Array(Math.min(maxBytes, INITIAL_BYTES))
  let consumed = 0
  return {
    name: 'zlib',
    firstFree: 0,
    memory: () => memory,
    reserve(end) {
      if (end + PADDING <= memory.length) return true
      if (end + PADDING > maxBytes) return false
      const larger = grown(memory, end + PADDING, maxBytes)
      if (larger !== undefined) memory = larger
      return larger !== undefined
    },
    inflate(source, into) {
      const room = into.to - into.from
      const inflated = inflateStream(memory.subarray(source.from, source.to), {
        maxBytes: room,
        chunkBytes: Math.min(room, MAX_CHUNK_BYTES),
      })
      consumed = typeof inflated === 'number' ? 0 : inflated.consumed
      if (typeof inflated === 'number') return inflated
      memory.set(inflated.bytes, into.from)
      return inflated.bytes.length
    },
    consumed: () => consumed,
    applyDelta: (delta, base, into) => applyDelta(memory, delta, base, into),
    dirtyStream: (delta, base, into, context) =>
      dirtyStream(memory, { delta, base, into, ...context }),
    deltaSizes: (delta) => deltaSizes(memory, delta),
  }
}

/**
 * Returns a copy of the memory with at least `minBytes`, and a quarter more than before, so that
 * many small steps cost few copies. Returns undefined when the machine has no room.
 */
function grown(memory: Uint8Array, minBytes: number, maxBytes: number): Uint8Array | undefined {
  try {
    const quarterMore = Math.min(maxBytes, Math.ceil(memory.length * 1.25))
    const larger = new Uint8Array(Math.max(minBytes, quarterMore))
    larger.set(memory)
    return larger
  } catch (error) {
    if (!isAllocationFailure(error)) throw error
    return undefined
  }
}

/** The content of a zlib stream, and the number of bytes that the stream takes of its source. */
interface Inflated {
  readonly bytes: Uint8Array
  readonly consumed: number
}

interface InflateLimits {
  readonly maxBytes: number
  /** Bytes that are inflated at once. */
  readonly chunkBytes: number
}

/** Inflates the zlib stream at the beginning of a source; returns a `KernelError` when that fails. */
export function inflateStream(
  source: Uint8Array,
  { maxBytes, chunkBytes }: InflateLimits,
): Inflated | number {
  try {
    // zlib does not accept a limit of 0, so an empty stream gets room for one byte.
    const result: unknown = inflateSync(source, {
      info: true,
      maxOutputLength: Math.max(1, maxBytes),
      chunkSize: Math.max(64, chunkBytes),
    })
    if (!isInfo(result))
      throw new TypeError('node:zlib does not tell how much of its input it used')
    return result.buffer.length > maxBytes
      ? KernelError.tooLong
      : { bytes: result.buffer, consumed: result.engine.bytesWritten }
  } catch (error) {
    if (hasCode(error, 'Z_BUF_ERROR')) return KernelError.truncated
    if (hasCode(error, 'ERR_BUFFER_TOO_LARGE')) return KernelError.tooLong
    if (hasCode(error, 'Z_DATA_ERROR') || hasCode(error, 'Z_NEED_DICT')) return KernelError.damaged
    throw error
  }
}

/** True for what `inflateSync` returns with `info: true`, which its declared type does not have. */
function isInfo(
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
