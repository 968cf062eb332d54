import { grown } from './byte-strings.ts'
import type { WordStore } from './word-store.ts'

/** A set of more entries than this is split. */
export const LEAF_ENTRIES = 8
export const BITS = 3
export const CHILDREN = 1 << BITS
/** Beyond the last bit of a key there is nothing left to split by. */
const LAST_SHIFT = 30

/** Writes sets, in the form that `EntrySets` has them in. */
export class SetBuilder {
  readonly #keyOf: (entry: number) => number
  readonly #words: WordStore
  #scratch = new Int32Array(1 << 10)

  constructor(keyOf: (entry: number) => number, words: WordStore) {
    this.#keyOf = keyOf
    this.#words = words
  }

  /** The set of some entries, split from these bits of their keys on. */
  build(entries: ArrayLike<number>, shift: number): number {
    this.#reserve(entries.length + 1)
    this.#scratch.set(entries, 1)
    return this.#build(1, entries.length, shift, entries.length + 1)
  }

  /** The set that is split into these, one a slot. */
  node(children: readonly number[]): number {
    let mask = 0
    let made = 0
    children.forEach((child, slot) => {
      // Nothing is 0.
      if (child === 0) return
      mask |= 1 << slot
      this.#scratch[++made] = child
    })
    this.#scratch[0] = ~mask
    return this.#words.add(this.#scratch, 0, made + 1)
  }

  /**
   * The set of the entries that stand at `from` in the scratch. The word before them may be written
   * to, and all from `free` on.
   */
  #build(from: number, count: number, shift: number, free: number): number {
    if (count <= LEAF_ENTRIES || shift > LAST_SHIFT) return this.#leaf(from, count)
    const entries = free + 1 + CHILDREN + 1
    this.#split(from, count, shift, free)
    let mask = 0
    let made = 0
    for (let slot = 0, start = 0; slot < CHILDREN; slot += 1) {
      const end = this.#scratch[free + 1 + slot] ?? 0
      if (end === start) continue
      const child = this.#build(entries + start, end - start, shift + BITS, entries + count)
      mask |= 1 << slot
      this.#scratch[free + ++made] = child
      start = end
    }
    this.#scratch[free] = ~mask
    return this.#words.add(this.#scratch, free, made + 1)
  }

  /**
   * Sorts entries by three bits of their keys: behind a word come the ends of the eight groups, a
   * word more, and the groups.
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
    // Each number says where its group begins, and when the group is there, where it ends.
    for (let at = from; at < from + count; at += 1) {
      const entry = scratch[at] ?? 0
      const end = ends + ((this.#keyOf(entry) >>> shift) & (CHILDREN - 1))
      const place = scratch[end] ?? 0
      scratch[entries + place] = entry
      scratch[end] = place + 1
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

/** Ascending, and without a call for the few numbers there nearly always are. */
function sort(words: Int32Array, from: number, to: number): void {
  if (to - from > LEAF_ENTRIES) words.subarray(from, to).sort()
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
