/** Unpacks bzip2 streams. */
import { setImmediate } from 'node:timers/promises'
import type { Budget } from './budget.ts'
import { BlockDecoder } from './bzip2-block.ts'
import { BitReader } from './bzip2-codes.ts'
import { type Content, withWholeContent } from './content.ts'

const PIECE_BYTES = 1 << 20

/** `BZh`, the first three bytes of a stream; a digit follows. */
const STREAM_BEGIN = 0x425a68

/** First and last 24 bits of the numbers before a block, and before the end of a stream. */
const BLOCK = [0x314159, 0x265359] as const
const STREAM_END = [0x177245, 0x385090] as const

/** Unpacks all bzip2 streams of a file. Each stream and each block counts as a member. */
export function unpackedBzip2(packed: Content, budget: Budget): Content {
  return { stream: () => withWholeContent(packed, budget, (bytes) => decode(bytes, budget)) }
}

/** Yields the bytes before an error, then throws it. */
async function* decode(packed: Uint8Array, budget: Budget): AsyncGenerator<Uint8Array> {
  const reader = new BitReader(packed)
  const decoder = new BlockDecoder(reader)
  const piece = new Uint8Array(PIECE_BYTES)
  do {
    budget.countMember()
    if (reader.read(24) !== STREAM_BEGIN) throw new Error('something else follows a stream')
    const level = reader.read(8) - 0x30
    if (level < 1 || level > 9) throw new Error('a broken stream')
    let checksum = 0
    while (isBlockNext(reader)) {
      budget.countMember()
      // A block takes about 50 ms: signals and timers must not wait for all of them.
      await setImmediate()
      const expected = readChecksum(reader)
      decoder.read(level * 100_000)
      for (let length = -1; length !== 0; ) {
        length = decoder.write(piece)
        budget.countUnpacked(length)
        if (length > 0) yield piece.slice(0, length)
      }
      if (decoder.checksum !== expected) throw new Error('a wrong checksum of a block')
      checksum = (((checksum << 1) | (checksum >>> 31)) ^ expected) >>> 0
    }
    if (readChecksum(reader) !== checksum) throw new Error('a wrong checksum of a stream')
    reader.skipToByte()
  } while (!reader.isAtEnd)
}

function isBlockNext(reader: BitReader): boolean {
  const [high, low] = [reader.read(24), reader.read(24)]
  if (high === BLOCK[0] && low === BLOCK[1]) return true
  if (high === STREAM_END[0] && low === STREAM_END[1]) return false
  throw new Error('neither a block nor an end')
}

function readChecksum(reader: BitReader): number {
  return reader.read(16) * 0x10000 + reader.read(16)
}
