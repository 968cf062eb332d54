/**
 * Decodes the blocks of bzip2, whose format is described at
 * https://github.com/dsnet/compress/blob/master/doc/bzip2-format.pdf. Memory for a block is
 * allocated once a file, so that a file of many tiny blocks costs no more than its bytes.
 */
import { type BitReader, type CodeTable, readSymbol, readTable } from './bzip2-codes.ts'

/** After so many symbols the next selector names the table for those that follow. */
const SYMBOLS_PER_SELECTOR = 50

/** Symbols that are digits of a run's length, which has a base of two: digits count 1 and 2. */
const RUN_B = 1

/** A run of this many equal bytes is followed by a byte that says how many more there are. */
const RUN_LENGTH = 4

/** Decodes one block after the other in the same memory. */
export class BlockDecoder {
  readonly #reader: BitReader
  /** A byte of the block in the low 8 bits, and the index of the byte after it in the others. */
  #links = new Uint32Array()
  #link = 0
  #left = 0
  #previous = -1
  #runLength = 0
  #repeats = 0
  #checksum = 0

  constructor(reader: BitReader) {
    this.#reader = reader
  }

  /** Checksum of the bytes that `write` has written since the block began. */
  get checksum(): number {
    return ~this.#checksum >>> 0
  }

  /** Reads a block of at most `maxLength` bytes, behind its checksum. */
  read(maxLength: number): void {
    const reader = this.#reader
    if (reader.read(1) !== 0) throw new Error('a randomised block, which no bzip2 writes any more')
    const first = reader.read(24)
    if (this.#links.length < maxLength) this.#links = new Uint32Array(maxLength)
    const used = readUsedBytes(reader)
    const tableCount = reader.read(3)
    const selectorCount = reader.read(15)
    if (used.length === 0 || tableCount < 2 || tableCount > 6) throw new Error('a broken block')
    const selectors = readSelectors(reader, tableCount, selectorCount)
    const tables = Array.from({ length: tableCount }, () => readTable(reader, used.length + 2))
    const counts = new Uint32Array(256)
    const length = this.#readBytes({ tables, selectors, used, counts, maxLength })
    if (first >= length) throw new Error('a broken block')
    this.#linkBytes(counts, length)
    this.#link = (this.#links[first] ?? 0) >>> 8
    this.#left = length
    this.#previous = -1
    this.#runLength = 0
    this.#repeats = 0
    this.#checksum = -1
  }

  /** Writes the next bytes of the block, and returns how many; 0 when there are none left. */
  write(into: Uint8Array): number {
    let [link, left, runLength, checksum] = [
      this.#link,
      this.#left,
      this.#runLength,
      this.#checksum,
    ]
    let at = 0
    while (at < into.length) {
      if (this.#repeats > 0) {
        this.#repeats -= 1
        into[at] = this.#previous
      } else {
        if (left === 0) break
        const entry = this.#links[link] ?? 0
        const byte = entry & 0xff
        link = entry >>> 8
        left -= 1
        if (runLength === RUN_LENGTH) {
          this.#repeats = byte
          runLength = 0
          continue
        }
        runLength = byte === this.#previous ? runLength + 1 : 1
        this.#previous = byte
        into[at] = byte
      }
      checksum = (checksum << 8) ^ (CHECKSUMS[(checksum >>> 24) ^ this.#previous] ?? 0)
      at += 1
    }
    this.#link = link
    this.#left = left
    this.#runLength = runLength
    this.#checksum = checksum
    return at
  }

  /** Reads the symbols of the block into the low 8 bits of `#links`; returns how many bytes. */
  #readBytes({ tables, selectors, used, counts, maxLength }: BlockContent): number {
    const reader = this.#reader
    const recent = Uint8Array.from(used)
    const end = used.length + 1
    let [length, run, digit] = [0, 0, 1]
    for (const selector of selectors) {
      const table = tables[selector]
      if (table === undefined) break
      for (let left = SYMBOLS_PER_SELECTOR; left > 0; left -= 1) {
        const symbol = readSymbol(reader, table)
        if (symbol <= RUN_B) {
          run += digit << symbol
          digit <<= 1
          if (length + run > maxLength) throw new Error('a block that is too long')
          continue
        }
        if (run > 0) {
          const byte = recent[0] ?? 0
          this.#links.fill(byte, length, length + run)
          counts[byte] = (counts[byte] ?? 0) + run
          length += run
          run = 0
          digit = 1
        }
        if (symbol === end) return length
        if (length === maxLength) throw new Error('a block that is too long')
        const byte = moveToFront(recent, symbol - 1)
        this.#links[length] = byte
        counts[byte] = (counts[byte] ?? 0) + 1
        length += 1
      }
    }
    throw new Error('a block without an end')
  }

  /** Undoes the Burrows-Wheeler transform: each byte gets the index of the one after it. */
  #linkBytes(counts: Uint32Array, length: number): void {
    const links = this.#links
    let sum = 0
    const next = counts.map((count) => (sum += count) - count)
    for (let index = 0; index < length; index += 1) {
      const byte = (links[index] ?? 0) & 0xff
      const to = next[byte] ?? 0
      next[byte] = to + 1
      links[to] = (links[to] ?? 0) | (index << 8)
    }
  }
}

interface BlockContent {
  readonly tables: readonly CodeTable[]
  readonly selectors: Uint8Array
  readonly used: Uint8Array
  /** The number of occurrences of each byte; the decoder of the block fills it. */
  readonly counts: Uint32Array
  readonly maxLength: number
}

/** Reads which bytes occur: a bit for each sixteen, then a bit for each byte of those. */
function readUsedBytes(reader: BitReader): Uint8Array {
  const used: number[] = []
  const groups = reader.read(16)
  for (let group = 0; group < 16; group += 1) {
    if ((groups & (0x8000 >> group)) === 0) continue
    const bits = reader.read(16)
    for (let bit = 0; bit < 16; bit += 1)
      if ((bits & (0x8000 >> bit)) !== 0) used.push(16 * group + bit)
  }
  return Uint8Array.from(used)
}

/** Reads which table follows which; each is told by its place among those used last. */
function readSelectors(reader: BitReader, tableCount: number, count: number): Uint8Array {
  const recent = Uint8Array.from({ length: tableCount }, (_, index) => index)
  const selectors = new Uint8Array(count)
  for (let at = 0; at < count; at += 1) {
    let place = 0
    while (reader.read(1) === 1) {
      place += 1
      if (place === tableCount) throw new Error('a broken block')
    }
    selectors[at] = moveToFront(recent, place)
  }
  return selectors
}

/** Moves the byte at `place` to the front, and returns it. */
function moveToFront(recent: Uint8Array, place: number): number {
  const byte = recent[place] ?? 0
  for (let at = place; at > 0; at -= 1) recent[at] = recent[at - 1] ?? 0
  recent[0] = byte
  return byte
}

/** Table of the CRC-32 of bzip2: polynomial 0x04c11db7, the highest bit first. */
const CHECKSUMS = Int32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24
  for (let bit = 0; bit < 8; bit += 1) value = value < 0 ? (value << 1) ^ 0x04c11db7 : value << 1
  return value
})
