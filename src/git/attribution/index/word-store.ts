import { grown } from './byte-strings.ts'

/**
 * Runs of words, each run once: equal runs are at the same place. A run's first word tells its
 * length. Place 0 is a run of one zero.
 */
export class WordStore {
  #words = new Int32Array(1 << 10)
  #end = 1
  /** Open addressing: where a run begins, or 0 where nothing is. */
  #slots = new Int32Array(1 << 8)
  /** In the order of places, so that nobody here has to know how a first word tells it. */
  #lengths = new Int32Array(1 << 8)
  #count = 0

  /** Where the last run ends. */
  get end(): number {
    return this.#end
  }

  at(place: number): number {
    return this.#words[place] ?? 0
  }

  /** The place of a run, which is added when it is new. */
  add(words: Int32Array, from: number, length: number): number {
    const mask = this.#slots.length - 1
    let slot = hashOf(words, from, length) & mask
    for (let known = this.#slots[slot] ?? 0; known > 0; known = this.#slots[slot] ?? 0) {
      if (this.#equals(known, words, from, length)) return known
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
    if (this.#count * 2 > this.#slots.length) this.#spread()
    return start
  }

  #equals(known: number, words: Int32Array, from: number, length: number): boolean {
    for (let at = 0; at < length; at += 1)
      if (this.#words[known + at] !== words[from + at]) return false
    return true
  }

  #spread(): void {
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
