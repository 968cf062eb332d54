import { chunksOf, type Content, withWholeContent } from './content.ts'
import type { Budget } from './budget.ts'

/**
 * `YZ`, which ends a stream, then the six bytes that begin the next; between them only zeros, by
 * four.
 */
const STREAM_END = Buffer.from('YZ')
const STREAM_BEGIN = Buffer.from('\xfd7zXZ\0', 'latin1')

/** What was compressed with xz. One stream of it can be unpacked at a time. */
export function unpackedXz(packed: Content, budget: Budget): Content {
  return {
    stream: () => withWholeContent(packed, budget, (bytes) => streamed(bytes, budget)),
    alone: true,
  }
}

async function* streamed(packed: Uint8Array, budget: Budget): AsyncGenerator<Uint8Array> {
  const {
    default: { XzReadableStream },
  } = await import('xz-decompress')
  for (const bytes of streamsOf(packed)) {
    for await (const chunk of new XzReadableStream(ReadableStream.from(chunksOf({ bytes })))) {
      budget.countUnpacked(chunk.length)
      yield chunk
    }
  }
}

/** `cat a.xz b.xz` is one file of two streams, and the decompressor ends with the first. */
function* streamsOf(packed: Uint8Array): Generator<Uint8Array> {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  let start = 0
  for (let at = bytes.indexOf(STREAM_BEGIN, 1); at >= 0; at = bytes.indexOf(STREAM_BEGIN, at + 1)) {
    let end = at
    while (end > start && bytes[end - 1] === 0) end -= 1
    if ((at - end) % 4 !== 0 || !bytes.subarray(end - 2, end).equals(STREAM_END)) continue
    yield bytes.subarray(start, end)
    start = at
  }
  yield bytes.subarray(start)
}
