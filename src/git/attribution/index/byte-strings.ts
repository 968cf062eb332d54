/** A flat table of byte strings, and helpers for the flat arrays that attribution is built on. */
import { wordAt } from '../../objects/bytes.ts'

/**
 * Byte strings in the form in which a cache stores them, with their hash table, which takes long to
 * build.
 */
export interface PackedStrings {
  readonly bytes: Uint8Array
  /** Arrays of 32-bit numbers, like `slots`. */
  readonly starts: Uint8Array
  readonly slots: Uint8Array
}

/**
 * Byte strings (object ids, file names) by number, each once. In flat arrays, since there are
 * millions of them.
 */
export class ByteStrings {
  #bytes: Uint8Array
  /** Offset of each string; the next one's offset is its end. */
  #starts: Int32Array
  /** Hash table with open addressing: a string's number + 1, or 0 for a free slot. */
  #slots: Int32Array
  #count = 0
  readonly #hashOf: typeof hashOf

  /**
   * Reserves room for `count` strings of `bytesOfEach` bytes; the table grows when there are more.
   * `areHashes`: the strings are hashes themselves, so a cheaper hash function suffices.
   */
  constructor({ count = 1 << 7, bytesOfEach = 1 << 5, areHashes = false } = {}) {
    this.#hashOf = areHashes ? hashOfHash : hashOf
    this.#bytes = new Uint8Array(count * bytesOfEach)
    this.#starts = new Int32Array(count + 1)
    this.#slots = new Int32Array(1 << Math.ceil(Math.log2(2 * count + 2)))
  }

  /** Restores the result of `pack`. */
  static unpack({ bytes, starts, slots }: PackedStrings, { areHashes = false } = {}): ByteStrings {
    const strings = new ByteStrings({ count: 0, areHashes })
    strings.#bytes = new Uint8Array(bytes)
    strings.#starts = numbersIn(starts)
    strings.#slots = numbersIn(slots)
    strings.#count = strings.#starts.length - 1
    return strings
  }

  pack(): PackedStrings {
    return {
      bytes: this.#bytes.subarray(0, this.#starts[this.#count]),
      starts: bytesIn(this.#starts.subarray(0, this.#count + 1)),
      slots: bytesIn(this.#slots),
    }
  }

  get count(): number {
    return this.#count
  }

  /** Returns the number of a string, which is added when it is new. */
  numberOf(bytes: Uint8Array, from: number, to: number): number {
    const slot = this.#slotOf(bytes, from, to)
    const occupant = this.#slots[slot] ?? 0
    if (occupant > 0) return occupant - 1
    const number = this.#count
    const start = this.#starts[number] ?? 0
    this.#makeRoom(start + to - from, number + 1)
    for (let at = from, target = start; at < to; at += 1, target += 1)
      this.#bytes[target] = bytes[at] ?? 0
    this.#starts[number + 1] = start + to - from
    this.#slots[slot] = number + 1
    this.#count = number + 1
    if (this.#count * 2 > this.#slots.length) this.#rehash(4 * this.#slots.length)
    return number
  }

  /** Returns the number of a string, or -1. */
  find(bytes: Uint8Array, from: number, to: number): number {
    return (this.#slots[this.#slotOf(bytes, from, to)] ?? 0) - 1
  }

  /** Returns the string with a number. Valid until a string is added. */
  bytesOf(number: number): Buffer {
    const start = this.#starts[number] ?? 0
    return Buffer.from(this.#bytes.buffer, start, (this.#starts[number + 1] ?? 0) - start)
  }

  #slotOf(bytes: Uint8Array, from: number, to: number): number {
    const mask = this.#slots.length - 1
    let slot = this.#hashOf(bytes, from, to) & mask
    for (
      let occupant = this.#slots[slot] ?? 0;
      occupant > 0 && !this.#equals(occupant - 1, bytes, from, to);
      occupant = this.#slots[slot] ?? 0
    )
      slot = (slot + 1) & mask
    return slot
  }

  /** True when the string with this number has these bytes. */
  #equals(number: number, bytes: Uint8Array, from: number, to: number): boolean {
    const stored = this.#bytes
    const start = this.#starts[number] ?? 0
    if ((this.#starts[number + 1] ?? 0) - start !== to - from) return false
    for (let at = from, other = start; at < to; at += 1, other += 1)
      if (stored[other] !== bytes[at]) return false
    return true
  }

  #makeRoom(bytes: number, count: number): void {
    if (count + 1 > this.#starts.length) this.#starts = grown(this.#starts, count + 1)
    if (bytes <= this.#bytes.length) return
    const larger = new Uint8Array(2 * bytes)
    larger.set(this.#bytes)
    this.#bytes = larger
  }

  /** Inserts all strings into a table of `slotCount` slots. */
  #rehash(slotCount: number): void {
    const mask = slotCount - 1
    this.#slots = new Int32Array(slotCount)
    for (let number = 0; number < this.#count; number += 1) {
      let slot =
        this.#hashOf(this.#bytes, this.#starts[number] ?? 0, this.#starts[number + 1] ?? 0) & mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = number + 1
    }
  }
}

/**
 * Mixes the first and the last four bytes of a hash, and folds the upper bits down, so that ids that
 * differ in few bytes have different slots too.
 */
function hashOfHash(bytes: Uint8Array, from: number, to: number): number {
  const hash = wordAt(bytes, from) ^ Math.imul(wordAt(bytes, to - 4), 0x9e3779b1)
  return hash ^ (hash >>> 16)
}

/** Computes FNV-1a and folds its upper bits down. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5
  for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193)
  return hash ^ (hash >>> 15)
}

/** Copies numbers into a longer array, whose further elements are `fill`. */
export function grown(numbers: Int32Array, needed: number, fill = 0): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(needed, Math.ceil(numbers.length * 1.5)))
  if (fill !== 0) larger.fill(fill, numbers.length)
  larger.set(numbers)
  return larger
}

/** Returns the memory of an array of 32-bit numbers as bytes. */
export function bytesIn(numbers: Int32Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
}

/** Copies bytes into an array of 32-bit numbers. The bytes need not be aligned for numbers. */
export function numbersIn(bytes: Uint8Array): Int32Array<ArrayBuffer> {
  return new Int32Array(new Uint8Array(bytes).buffer)
}
