/** The construction of the sets of `EntrySets`. */
import { grown } from './byte-strings.ts'
import type { WordStore } from './word-store.ts'

/** A set of more entries is split. */
export const MAX_LEAF_ENTRIES = 8
/** Bits of a key by which one level of a set is split. */
export const BITS = 3
export const CHILDREN = 1 << BITS
/** Keys have 32 bits, so a set is not split beyond this shift. */
const LAST_SHIFT = 30

/** Builds sets in the form that `EntrySets` describes, and adds them to its word store. */
export class SetBuilder {
  readonly #keyOf: (entry: number) => number
  readonly #words: WordStore
  #scratch = new Int32Array(1 << 10)

  constructor(keyOf: (entry: number) => number, words: WordStore) {
    this.#keyOf = keyOf
    this.#words = words
  }

  /** Builds the set of some entries, split by the bits of their keys from `shift` on. */
  build(entries: ArrayLike<number>, shift: number): number {
    this.#reserve(entries.length + 1)
    this.#scratch.set(entries, 1)
    return this.#build(1, entries.length, shift, entries.length + 1)
  }

  /** Builds the set that is split into these children, one for each slot. */
  node(children: readonly number[]): number {
    let mask = 0
    let count = 0
    children.forEach((child, slot) => {
      // 0 is the empty set.
      if (child === 0) return
      mask |= 1 << slot
      this.#scratch[++count] = child
    })
    this.#scratch[0] = ~mask
    return this.#words.add(this.#scratch, 0, count + 1)
  }

  /**
   * Builds the set of `count` entries that begin at `from` in the scratch array. May write to the
   * word before them and to all words from `free` on.
   */
  #build(from: number, count: number, shift: number, free: number): number {
    if (count <= MAX_LEAF_ENTRIES || shift > LAST_SHIFT) return this.#leaf(from, count)
    const entries = free + 1 + CHILDREN + 1
    this.#split(from, count, shift, free)
    let mask = 0
    let children = 0
    for (let slot = 0, start = 0; slot < CHILDREN; slot += 1) {
      const end = this.#scratch[free + 1 + slot] ?? 0
      if (end === start) continue
      const child = this.#build(entries + start, end - start, shift + BITS, entries + count)
      mask |= 1 << slot
      this.#scratch[free + ++children] = child
      start = end
    }
    this.#scratch[free] = ~mask
    return this.#words.add(this.#scratch, free, children + 1)
  }

  /**
   * Sorts entries by three bits of their keys into the words from `free` on: one word left free,
   * the ends of the eight groups, one spare word, and the entries group by group.
   */
  #split(from: number, count: number, shift: number, free: number): void {
    const ends = free + 1
    const entries = ends + CHILDREN + 1
    this.#reserve(entries + count)
    const scratch = this.#scratch
    scratch.fill(0, free, entries)
    for (let at = from; at < from + count; at += 1) {
      const next = ends + ((this.#keyOf(scratch[at] ?? 0) >>> shift) & (CHILDREN - 1)) + 1
      scratch[next] = (scratch[next] ?? 0) + 1
    }
    for (let end = ends + 1; end < ends + CHILDREN; end += 1)
      scratch[end] = (scratch[end] ?? 0) + (scratch[end - 1] ?? 0)
    // Each of the eight words is the start of its group, and its end once the group is filled.
    for (let at = from; at < from + count; at += 1) {
      const entry = scratch[at] ?? 0
      const end = ends + ((this.#keyOf(entry) >>> shift) & (CHILDREN - 1))
      const position = scratch[end] ?? 0
      scratch[entries + position] = entry
      scratch[end] = position + 1
    }
  }

  #leaf(from: number, count: number): number {
    sort(this.#scratch, from, from + count)
    let end = from
    for (let at = from; at < from + count; at += 1) {
      const entry = this.#scratch[at] ?? 0
      if (end === from || entry !== this.#scratch[end - 1]) this.#scratch[end++] = entry
    }
    this.#scratch[from - 1] = end - from
    return this.#words.add(this.#scratch, from - 1, end - from + 1)
  }

  #reserve(words: number): void {
    if (words > this.#scratch.length) this.#scratch = grown(this.#scratch, words)
  }
}

/** Sorts numbers in ascending order. Few numbers, the common case, are sorted without a call. */
function sort(words: Int32Array, from: number, to: number): void {
  if (to - from > MAX_LEAF_ENTRIES) words.subarray(from, to).sort()
  else {
    for (let at = from + 1; at < to; at += 1) {
      const word = words[at] ?? 0
      let hole = at
      for (; hole > from && (words[hole - 1] ?? 0) > word; hole -= 1)
        words[hole] = words[hole - 1] ?? 0
      words[hole] = word
    }
  }
}
