import { endianness } from 'node:os'

/** What an index says of its pack. */
export interface PackIndex {
  readonly count: number
  /** Names of the objects, ascending, each so many bytes apart from the next; the first is at `namesAt` of `bytes`. */
  readonly bytes: Buffer
  readonly namesAt: number
  readonly nameStep: number
  /** Where of `bytes` 256 numbers stand: how many names have this first byte, or a lower one. */
  readonly fanoutAt: number
  /** Where of `bytes` there are offsets one behind the other, 32 bits each, the highest byte first; that bit stands for something else. */
  readonly offsetsAt?: number
  /** Where in the pack each of them begins. Throws PackSurprise. */
  readonly offsets: () => Float64Array
  /** Checksum of the pack, in hexadecimal. */
  readonly packChecksum: string
}

/** A pack or its index is not what git writes; what is in it is left to git. */
export class PackSurprise extends Error {
  override readonly name = 'PackSurprise'
}

const FANOUT_BYTES = 256 * 4

/**
 * Reads an index (gitformat-pack): version 2 is `ff 74 4f 63 00 00 00 02`, 256 counts, names, checksums, 31-bit offsets
 * (those with the top bit set number a 64-bit one), 64-bit offsets, two checksums; version 1 begins with the counts and
 * has each offset before its name.
 */
export function readPackIndex(bytes: Buffer, idBytes: number): PackIndex {
  const second = bytes.length >= 8 && bytes.readUInt32BE(0) === 0xff74_4f63
  if (second && bytes.readUInt32BE(4) !== 2) throw new PackSurprise(`index version ${bytes.readUInt32BE(4)}`)
  const fanoutAt = second ? 8 : 0
  if (bytes.length < fanoutAt + FANOUT_BYTES + 2 * idBytes) throw new PackSurprise('index is cut short')
  const count = bytes.readUInt32BE(fanoutAt + FANOUT_BYTES - 4)
  const tableAt = fanoutAt + FANOUT_BYTES
  const entryBytes = second ? idBytes + 8 : idBytes + 4
  const longAt = tableAt + count * entryBytes
  if (longAt + 2 * idBytes > bytes.length) throw new PackSurprise('index is cut short')
  const packChecksum = bytes.toString('hex', bytes.length - 2 * idBytes, bytes.length - idBytes)
  if (!second) return { count, bytes, namesAt: tableAt + 4, nameStep: entryBytes, fanoutAt, packChecksum, offsets: () => numbers(count, (place) => bytes.readUInt32BE(tableAt + entryBytes * place)) }
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
  return { count, bytes, namesAt: tableAt, nameStep: idBytes, fanoutAt, packChecksum, offsetsAt: smallsAt, offsets }
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

/** The place of a name in an index, or -1. Names are in order, and differ in their first bytes: a loop is done before a native call would be. */
export function placeOf({ bytes: index, count, namesAt, nameStep, fanoutAt }: PackIndex, bytes: Uint8Array, at: number, idBytes: number): number {
  const first = bytes[at] ?? 0
  let low = first === 0 ? 0 : index.readUInt32BE(fanoutAt + 4 * first - 4)
  let high = Math.min(count, index.readUInt32BE(fanoutAt + 4 * first))
  while (low < high) {
    const middle = (low + high) >>> 1
    const from = namesAt + middle * nameStep
    let byte = 0
    while (byte < idBytes && index[from + byte] === bytes[at + byte]) byte += 1
    if (byte === idBytes) return middle
    if ((index[from + byte] ?? 0) < (bytes[at + byte] ?? 0)) low = middle + 1
    else high = middle
  }
  return -1
}
