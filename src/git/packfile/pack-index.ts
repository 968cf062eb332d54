import { endianness } from 'node:os'
import { PackSurprise } from './pack-surprise.ts'

/** What an index says of its pack. */
export interface PackIndex {
  readonly count: number
  /**
   * Names of the objects, ascending, each so many bytes apart from the next; the first is at
   * `namesAt` of `bytes`.
   */
  readonly bytes: Buffer
  readonly namesAt: number
  readonly nameStep: number
  /**
   * Where of `bytes` there are offsets one behind the other, 32 bits each, the highest byte first;
   * that bit stands for something else.
   */
  readonly offsetsAt?: number
  /** Where in the pack each of them begins. Throws PackSurprise. */
  readonly offsets: () => Float64Array
  /** Checksum of the pack, in hexadecimal. */
  readonly packChecksum: string
}

const FANOUT_BYTES = 256 * 4
const SECOND = 0xff74_4f63

/** As much of an index as `headOf` needs. */
export const HEAD_BYTES = 8 + FANOUT_BYTES

/** What the first bytes of an index say. */
export interface IndexHead {
  readonly version: 1 | 2
  readonly count: number
  /** How many names have this first byte, or a lower one. */
  readonly fanout: readonly number[]
  /**
   * Where behind the counts everything else begins, where of that the first name does, how far the
   * next one is, and where 64-bit offsets begin.
   */
  readonly tableAt: number
  readonly namesAt: number
  readonly nameStep: number
  readonly longAt: number
}

/**
 * Reads the head of an index (gitformat-pack) that has so many bytes: version 2 is `ff 74 4f 63 00
 * 00 00 02`, 256 counts, names, checksums, 31-bit offsets (those with the top bit set number a
 * 64-bit one), 64-bit offsets, two checksums; version 1 begins with the counts and has each offset
 * before its name. Throws PackSurprise.
 */
export function headOf(bytes: Buffer, size: number, idBytes: number): IndexHead {
  const second = bytes.length >= 8 && bytes.readUInt32BE(0) === SECOND
  if (second && bytes.readUInt32BE(4) !== 2)
    throw new PackSurprise(`index version ${bytes.readUInt32BE(4)}`)
  const fanoutAt = second ? 8 : 0
  const tableAt = fanoutAt + FANOUT_BYTES
  if (bytes.length < tableAt || size < tableAt + 2 * idBytes)
    throw new PackSurprise('index is cut short')
  const fanout = Array.from({ length: 256 }, (_, first) => bytes.readUInt32BE(fanoutAt + 4 * first))
  if (fanout.some((count, first) => count < (fanout[first - 1] ?? 0)))
    throw new PackSurprise('index counts backwards')
  const count = fanout[255] ?? 0
  const entryBytes = second ? idBytes + 8 : idBytes + 4
  const longAt = tableAt + count * entryBytes
  if (longAt + 2 * idBytes > size) throw new PackSurprise('index is cut short')
  return second
    ? { version: 2, count, fanout, tableAt, namesAt: tableAt, nameStep: idBytes, longAt }
    : { version: 1, count, fanout, tableAt, namesAt: tableAt + 4, nameStep: entryBytes, longAt }
}

/** Reads a whole index, as `headOf` describes it. Throws PackSurprise. */
export function readPackIndex(bytes: Buffer, idBytes: number): PackIndex {
  const { version, count, tableAt, namesAt, nameStep, longAt } = headOf(
    bytes,
    bytes.length,
    idBytes,
  )
  const packChecksum = bytes.toString('hex', bytes.length - 2 * idBytes, bytes.length - idBytes)
  if (version === 1)
    return {
      count,
      bytes,
      namesAt,
      nameStep,
      packChecksum,
      offsets: () => numbers(count, (place) => bytes.readUInt32BE(tableAt + nameStep * place)),
    }
  const longs = (bytes.length - 2 * idBytes - longAt) / 8
  const smallsAt = tableAt + count * (idBytes + 4)
  const offsets = (): Float64Array => {
    // One natively after the other is many times as quick.
    const all = new Float64Array(words(bytes.subarray(smallsAt, longAt)))
    for (let place = 0; place < count; place += 1) {
      const small = all[place] ?? 0
      if (small >= 0x8000_0000) all[place] = longOffset(bytes, longAt, small - 0x8000_0000, longs)
    }
    return all
  }
  return { count, bytes, namesAt, nameStep, packChecksum, offsetsAt: smallsAt, offsets }
}

/** `Float64Array.from` takes many times as long. */
function numbers(count: number, numberAt: (place: number) => number): Float64Array {
  const all = new Float64Array(count)
  for (let place = 0; place < count; place += 1) all[place] = numberAt(place)
  return all
}

/** `00 00 00 0c` and so on, as numbers. */
function words(bytes: Buffer): Uint32Array {
  const aligned = new Uint8Array(bytes)
  if (endianness() === 'LE') Buffer.from(aligned.buffer).swap32()
  return new Uint32Array(aligned.buffer)
}

function longOffset(bytes: Buffer, from: number, place: number, count: number): number {
  if (place >= count) throw new PackSurprise('an offset of the index is out of range')
  return bytes.readUInt32BE(from + 8 * place) * 2 ** 32 + bytes.readUInt32BE(from + 8 * place + 4)
}
