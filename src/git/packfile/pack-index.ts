import { endianness } from 'node:os'
import { PackSurprise } from './pack-surprise.ts'

/** A pack's index: the IDs of its objects, and where their entries are. */
export interface PackIndex {
  readonly count: number
  readonly bytes: Buffer
  /** Offset in `bytes` of the first ID. The IDs are in ascending order. */
  readonly idsAt: number
  /** Bytes from one ID to the next. */
  readonly idStep: number
  /**
   * Offset in `bytes` of a table of 32-bit offsets, highest byte first; undefined in version 1. An
   * offset with the highest bit set is the number of a 64-bit one.
   */
  readonly offsetsAt?: number
  /** Returns the offset of each object's entry in the pack. Throws PackSurprise. */
  readonly offsets: () => Float64Array
  /** Checksum of the pack, in hexadecimal. */
  readonly packChecksum: string
}

const FANOUT_BYTES = 256 * 4

/** Begins an index of version 2: `ff 74 4f 63`. */
const MAGIC = 0xff74_4f63

/** As much of an index as `readIndexHead` needs. */
export const INDEX_HEAD_BYTES = 8 + FANOUT_BYTES

/** The counts at the beginning of an index, and where its tables are. */
export interface IndexHead {
  readonly version: 1 | 2
  readonly count: number
  /** For each value of a byte: how many IDs begin with it or a lower one. */
  readonly fanout: readonly number[]
  /** Offset behind the counts. */
  readonly tableAt: number
  /** Offset of the first ID. */
  readonly idsAt: number
  /** Bytes from one ID to the next. */
  readonly idStep: number
  /** Offset of the 64-bit offsets. */
  readonly longOffsetsAt: number
}

/**
 * Reads the head of an index of `size` bytes (gitformat-pack). Version 2 has `ff 74 4f 63 00 00 00
 * 02`, 256 counts, IDs, checksums, 31-bit offsets (one with the highest bit set is the number of a
 * 64-bit offset), 64-bit offsets, and two checksums. Version 1 begins with the counts and has each
 * offset before its ID. Throws PackSurprise.
 */
export function readIndexHead(bytes: Buffer, size: number, idBytes: number): IndexHead {
  const isVersion2 = bytes.length >= 8 && bytes.readUInt32BE(0) === MAGIC
  if (isVersion2 && bytes.readUInt32BE(4) !== 2)
    throw new PackSurprise(`index version ${bytes.readUInt32BE(4)}`)
  const fanoutAt = isVersion2 ? 8 : 0
  const tableAt = fanoutAt + FANOUT_BYTES
  if (bytes.length < tableAt || size < tableAt + 2 * idBytes)
    throw new PackSurprise('index is cut short')
  const fanout = Array.from({ length: 256 }, (_, first) => bytes.readUInt32BE(fanoutAt + 4 * first))
  if (fanout.some((count, first) => count < (fanout[first - 1] ?? 0)))
    throw new PackSurprise('index counts backwards')
  const count = fanout[255] ?? 0
  const entryBytes = isVersion2 ? idBytes + 8 : idBytes + 4
  const longOffsetsAt = tableAt + count * entryBytes
  if (longOffsetsAt + 2 * idBytes > size) throw new PackSurprise('index is cut short')
  return {
    version: isVersion2 ? 2 : 1,
    count,
    fanout,
    tableAt,
    idsAt: isVersion2 ? tableAt : tableAt + 4,
    idStep: isVersion2 ? idBytes : entryBytes,
    longOffsetsAt,
  }
}

/** Reads a whole index, in the format that `readIndexHead` describes. Throws PackSurprise. */
export function readPackIndex(bytes: Buffer, idBytes: number): PackIndex {
  const head = readIndexHead(bytes, bytes.length, idBytes)
  const { version, count, tableAt, idsAt, idStep, longOffsetsAt } = head
  const packChecksum = bytes.toString('hex', bytes.length - 2 * idBytes, bytes.length - idBytes)
  const index = { count, bytes, idsAt, idStep, packChecksum }
  if (version === 1)
    return { ...index, offsets: () => offsetsOfVersion1(bytes, { tableAt, idStep, count }) }
  const offsetsAt = tableAt + count * (idBytes + 4)
  const longOffsets = bytes.subarray(longOffsetsAt, bytes.length - 2 * idBytes)
  return {
    ...index,
    offsetsAt,
    offsets: () => offsetsOfVersion2(bytes.subarray(offsetsAt, longOffsetsAt), longOffsets),
  }
}

function offsetsOfVersion1(
  bytes: Buffer,
  { tableAt, idStep, count }: Pick<IndexHead, 'tableAt' | 'idStep' | 'count'>,
): Float64Array {
  const offsets = new Float64Array(count)
  for (let place = 0; place < count; place += 1)
    offsets[place] = bytes.readUInt32BE(tableAt + idStep * place)
  return offsets
}

function offsetsOfVersion2(shortOffsets: Buffer, longOffsets: Buffer): Float64Array {
  // Converting all of them natively first is many times as fast as one by one.
  const offsets = new Float64Array(bigEndianWords(shortOffsets))
  for (let place = 0; place < offsets.length; place += 1) {
    const offset = offsets[place] ?? 0
    if (offset >= 0x8000_0000) offsets[place] = longOffset(longOffsets, offset - 0x8000_0000)
  }
  return offsets
}

/** Reads bytes as 32-bit numbers, each with its highest byte first: `00 00 00 0c` is 12. */
function bigEndianWords(bytes: Buffer): Uint32Array {
  const aligned = new Uint8Array(bytes)
  if (endianness() === 'LE') Buffer.from(aligned.buffer).swap32()
  return new Uint32Array(aligned.buffer)
}

function longOffset(longOffsets: Buffer, place: number): number {
  const at = 8 * place
  if (at + 8 > longOffsets.length) throw new PackSurprise('an offset of the index is out of range')
  return longOffsets.readUInt32BE(at) * 2 ** 32 + longOffsets.readUInt32BE(at + 4)
}
