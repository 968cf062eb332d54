/**
 * Strings by number as whoever keeps them has them: with the table they are looked up by, which
 * takes long to make.
 */
export interface PackedStrings {
  readonly bytes: Uint8Array
  /** Both as 32 bits a number. */
  readonly starts: Uint8Array
  readonly slots: Uint8Array
}

/**
 * Strings of bytes by number, each once: names of objects, names of files. In flat arrays, since
 * there are millions of them.
 */
export class ByteStrings {
  #bytes: Uint8Array
  /** Where each begins; the next one's beginning is its end. */
  #starts: Int32Array
  /** Open addressing: a number + 1, or 0 where nothing is. */
  #slots: Int32Array
  #count = 0
  readonly #hashOf: typeof hashOf

  /**
   * With room for so many of so many bytes; others make more. What `areHashes` need not be mixed.
   */
  constructor({ count = 1 << 7, bytesOfEach = 1 << 5, areHashes = false } = {}) {
    this.#hashOf = areHashes ? endsOf : hashOf
    this.#bytes = new Uint8Array(count * bytesOfEach)
    this.#starts = new Int32Array(count + 1)
    this.#slots = new Int32Array(1 << Math.ceil(Math.log2(2 * count + 2)))
  }

  /** From what `pack` gave. */
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

  /** The number of these bytes, which are added when they are new. */
  numberOf(bytes: Uint8Array, from: number, to: number): number {
    const slot = this.#slotOf(bytes, from, to)
    const known = this.#slots[slot] ?? 0
    if (known > 0) return known - 1
    const number = this.#count
    const start = this.#starts[number] ?? 0
    this.#makeRoom(start + to - from, number + 1)
    for (let at = from, mine = start; at < to; at += 1, mine += 1)
      this.#bytes[mine] = bytes[at] ?? 0
    this.#starts[number + 1] = start + to - from
    this.#slots[slot] = number + 1
    this.#count = number + 1
    if (this.#count * 2 > this.#slots.length) this.#spread(4 * this.#slots.length)
    return number
  }

  /** The number of these bytes, or -1. */
  find(bytes: Uint8Array, from: number, to: number): number {
    return (this.#slots[this.#slotOf(bytes, from, to)] ?? 0) - 1
  }

  /** The bytes of a number; valid until one is added. */
  bytesOf(number: number): Buffer {
    const start = this.#starts[number] ?? 0
    return Buffer.from(this.#bytes.buffer, start, (this.#starts[number + 1] ?? 0) - start)
  }

  #slotOf(bytes: Uint8Array, from: number, to: number): number {
    const mask = this.#slots.length - 1
    let slot = this.#hashOf(bytes, from, to) & mask
    for (
      let known = this.#slots[slot] ?? 0;
      known > 0 && !this.#equals(known - 1, bytes, from, to);
      known = this.#slots[slot] ?? 0
    )
      slot = (slot + 1) & mask
    return slot
  }

  /** Are these the bytes of a number? */
  #equals(number: number, bytes: Uint8Array, from: number, to: number): boolean {
    const own = this.#bytes
    const start = this.#starts[number] ?? 0
    if ((this.#starts[number + 1] ?? 0) - start !== to - from) return false
    for (let at = from, mine = start; at < to; at += 1, mine += 1)
      if (own[mine] !== bytes[at]) return false
    return true
  }

  #makeRoom(bytes: number, count: number): void {
    if (count + 1 > this.#starts.length) this.#starts = grown(this.#starts, count + 1)
    if (bytes <= this.#bytes.length) return
    const larger = new Uint8Array(2 * bytes)
    larger.set(this.#bytes)
    this.#bytes = larger
  }

  /** Puts all into so many slots. */
  #spread(slots: number): void {
    const mask = slots - 1
    this.#slots = new Int32Array(slots)
    for (let number = 0; number < this.#count; number += 1) {
      let slot =
        this.#hashOf(this.#bytes, this.#starts[number] ?? 0, this.#starts[number + 1] ?? 0) & mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = number + 1
    }
  }
}

/** Of a hash all bits are as good as any: the first and the last four bytes. */
function endsOf(bytes: Uint8Array, from: number, to: number): number {
  return wordAt(bytes, from) ^ Math.imul(wordAt(bytes, to - 4), 0x9e3779b1)
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) << 24) |
    ((bytes[at + 1] ?? 0) << 16) |
    ((bytes[at + 2] ?? 0) << 8) |
    (bytes[at + 3] ?? 0)
  )
}

/** FNV-1a, with its upper bits folded down. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5
  for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193)
  return hash ^ (hash >>> 15)
}

/** A longer array that starts with the same numbers, and has `fill` behind them. */
export function grown(numbers: Int32Array, needed: number, fill = 0): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(needed, Math.ceil(numbers.length * 1.5)))
  if (fill !== 0) larger.fill(fill, numbers.length)
  larger.set(numbers)
  return larger
}

/** The memory of numbers of 32 bits, as bytes. */
export function bytesIn(numbers: Int32Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
}

/**
 * The other way round, in memory of their own: bytes that were read need not lie where numbers have
 * to.
 */
export function numbersIn(bytes: Uint8Array): Int32Array<ArrayBuffer> {
  return new Int32Array(new Uint8Array(bytes).buffer)
}
