/** Unpacks xz streams. */
import { setImmediate } from 'node:timers/promises'
import type { Budget } from './budget.ts'
import { chunksOf, type Content, withWholeContent } from './content.ts'

/** Bytes that are unpacked in one turn of the event loop. */
const TURN_BYTES = 1 << 20

/** Last two bytes of an xz stream. */
const STREAM_END = Buffer.from('YZ')

/** First six bytes of an xz stream. */
const STREAM_BEGIN = Buffer.from('\xfd7zXZ\0', 'latin1')

/**
 * Unpacks all xz streams of a file. The decompressor can unpack one at a time. Each stream after the
 * first counts as an archive, since the decompressor is set up for each.
 */
export function unpackedXz(packed: Content, budget: Budget): Content {
  return {
    stream: () => withWholeContent(packed, budget, (bytes) => decompress(bytes, budget)),
    isExclusive: true,
  }
}

async function* decompress(packed: Uint8Array, budget: Budget): AsyncGenerator<Uint8Array> {
  const {
    default: { XzReadableStream },
  } = await import('xz-decompress')
  let count = 0
  for (const bytes of splitStreams(packed)) {
    if (count > 0) budget.countArchive()
    count += 1
    let length = 0
    for await (const chunk of new XzReadableStream(ReadableStream.from(chunksOf({ bytes })))) {
      // Signals and timers must not wait for the whole file.
      if (length % TURN_BYTES < chunk.length) await setImmediate()
      length += chunk.length
      budget.countUnpacked(chunk.length)
      yield chunk
    }
  }
}

/**
 * Splits a file of several streams, as `cat a.xz b.xz` makes: the decompressor stops after the
 * first. Between streams there may be zeros, in multiples of four.
 */
function* splitStreams(packed: Uint8Array): Generator<Uint8Array> {
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
