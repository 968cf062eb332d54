import { pipeline, Readable, type Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import { WINDOW_BYTES } from '../../git/objects/windows.ts'
import { chunksOf, type Content } from './content.ts'
import type { Budget } from './budget.ts'

declare module 'node:zlib' {
  // Since Node 22.15 and 23.8; undefined before.
  export const createZstdDecompress: ((options: zlib.ZlibOptions) => Transform) | undefined
}

/** What one stream of bytes is compressed with. */
export type Compression = 'deflate' | 'gzip' | 'zstd'

/** Bytes a decompressor gives at a time. */
const chunkSize = 256 << 10

/** Has this Node a decompressor for zstd? */
export const hasZstd = typeof zlib.createZstdDecompress === 'function'

/**
 * What was compressed; small ones at once, since a stream costs more than they do. Every byte that
 * comes out is counted.
 */
export function decompressed(compression: Compression, packed: Content, budget: Budget): Content {
  return (
    atOnce(compression, packed, budget) ?? { stream: () => streamed(compression, packed, budget) }
  )
}

/** Nothing for what is too large, and for what is broken, whose beginning a stream still gives. */
function atOnce(compression: Compression, packed: Content, budget: Budget): Content | undefined {
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

async function* streamed(
  compression: Compression,
  packed: Content,
  budget: Budget,
): AsyncGenerator<Uint8Array> {
  const transform = decompressorOf(compression)
  // What fails is thrown where the chunks are read.
  pipeline(Readable.from(chunksOf(packed)), transform, () => {})
  for await (const chunk of transform) {
    const bytes: Uint8Array = chunk
    budget.countUnpacked(bytes.length)
    yield bytes
  }
}

function decompressorOf(compression: Compression): Transform {
  if (compression === 'gzip') return zlib.createGunzip({ chunkSize })
  if (compression === 'deflate') return zlib.createInflateRaw({ chunkSize })
  if (zlib.createZstdDecompress === undefined) throw new Error('this Node has no zstd')
  return zlib.createZstdDecompress({ chunkSize })
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
}
