/** Decompression with node:zlib: deflate, gzip and zstd. */
import { pipeline, Readable, type Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import { WINDOW_BYTES } from '../../git/objects/windows.ts'
import type { Budget } from './budget.ts'
import { chunksOf, type Content } from './content.ts'

declare module 'node:zlib' {
  // Since Node 22.15 and 23.8; undefined before.
  export const createZstdDecompress: ((options: zlib.ZlibOptions) => Transform) | undefined
}

export type Compression = 'deflate' | 'gzip' | 'zstd'

/** Bytes that a decompressor outputs at a time. */
const CHUNK_BYTES = 256 << 10

/** True when this version of Node can decompress zstd. */
export const hasZstd = typeof zlib.createZstdDecompress === 'function'

/**
 * Decompresses content, and counts every byte of output against the budget. Small content is
 * decompressed at once, since setting up a stream costs more.
 */
export function decompressed(compression: Compression, packed: Content, budget: Budget): Content {
  return (
    decompressAtOnce(compression, packed, budget) ?? {
      stream: () => decompressStream(compression, packed, budget),
    }
  )
}

/**
 * Returns undefined for content that is too large, and for broken content: a stream still yields
 * the part before the error.
 */
function decompressAtOnce(
  compression: Compression,
  packed: Content,
  budget: Budget,
): Content | undefined {
  if (compression === 'zstd' || 'stream' in packed || packed.bytes.length > WINDOW_BYTES)
    return undefined
  const inflate = compression === 'gzip' ? zlib.gunzipSync : zlib.inflateRawSync
  try {
    const bytes = inflate(packed.bytes, { maxOutputLength: WINDOW_BYTES })
    budget.countUnpacked(bytes.length)
    return { bytes }
  } catch (error) {
    if (error instanceof RangeError) budget.countUnpacked(WINDOW_BYTES)
    else if (!isZlibError(error)) throw error
    return undefined
  }
}

async function* decompressStream(
  compression: Compression,
  packed: Content,
  budget: Budget,
): AsyncGenerator<Uint8Array> {
  const transform = createDecompressor(compression)
  // The loop below throws the error of the pipeline.
  pipeline(Readable.from(chunksOf(packed)), transform, () => {})
  for await (const chunk of transform) {
    const bytes: Uint8Array = chunk
    budget.countUnpacked(bytes.length)
    yield bytes
  }
}

function createDecompressor(compression: Compression): Transform {
  const options = { chunkSize: CHUNK_BYTES }
  if (compression === 'gzip') return zlib.createGunzip(options)
  if (compression === 'deflate') return zlib.createInflateRaw(options)
  if (zlib.createZstdDecompress === undefined) throw new Error('this Node has no zstd')
  return zlib.createZstdDecompress(options)
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
}
