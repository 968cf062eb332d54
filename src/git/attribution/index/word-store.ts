import { grown } from './byte-strings.ts'

/**
 * Runs of 32-bit words, each distinct run stored once. A run is identified by its offset; its first
 * word encodes its length. Offset 0 is a run of a single zero.
 */
export class WordStore {
  #words = new Int32Array(1 << 10)
  #end = 1
  /** Hash table with open addressing: the offset of a run, or 0 for a free slot. */
  #slots = new Int32Array(1 << 8)
  /** Lengths of the runs in the order of their offsets. */
  #lengths = new Int32Array(1 << 8)
  #count = 0

  /** Offset behind the last run. */
  get end(): number {
    return this.#end
  }

  at(offset: number): number {
    return this.#words[offset] ?? 0
  }

  /** Returns the offset of a run, which is added when it is new. */
  add(words: Int32Array, from: number, length: number): number {
    const mask = this.#slots.length - 1
    let slot = hashOf(words, from, length) & mask
    for (let run = this.#slots[slot] ?? 0; run > 0; run = this.#slots[slot] ?? 0) {
      if (this.#equals(run, words, from, length)) return run
      slot = (slot + 1) & mask
    }
    const start = this.#end
    if (start + length > this.#words.length) this.#words = grown(this.#words, start + length)
    if (this.#count === this.#lengths.length) this.#lengths = grown(this.#lengths, this.#count + 1)
    this.#words.set(words.subarray(from, from + length), start)
    this.#end = start + length
    this.#slots[slot] = start
    this.#lengths[this.#count] = length
    this.#count += 1
    if (this.#count * 2 > this.#slots.length) this.#rehash()
    return start
  }

  #equals(run: number, words: Int32Array, from: number, length: number): boolean {
    for (let at = 0; at < length; at += 1)
      if (this.#words[run + at] !== words[from + at]) return false
    return true
  }

  #rehash(): void {
    const mask = this.#slots.length * 2 - 1
    this.#slots = new Int32Array(mask + 1)
    for (let run = 0, start = 1; run < this.#count; run += 1) {
      const length = this.#lengths[run] ?? 0
      let slot = hashOf(this.#words, start, length) & mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = start
      start += length
    }
  }
}

function hashOf(words: Int32Array, from: number, length: number): number {
  let hash = length
  for (let at = from; at < from + length; at += 1)
    hash = Math.imul(hash ^ (words[at] ?? 0), 0x9e3779b1) ^ (hash >>> 13)
  return hash ^ (hash >>> 16)
}
