import { grown } from './byte-strings.ts'
import { WordStore } from './word-store.ts'

/** A set of more entries than this is split. */
const LEAF_ENTRIES = 8
const BITS = 3
const CHILDREN = 1 << BITS
/** Beyond the last bit of a key there is nothing left to split by. */
const LAST_SHIFT = 30

/** The set of nothing. */
export const NOTHING = 0

interface Search {
  readonly matters: (part: number) => boolean
  readonly found: number[]
}

/**
 * Sets of small numbers, each set stored once. Versions of a folder differ in few entries, so a set is a tree that is split
 * by three bits of the entries' keys a level, and sets share the parts that are equal. Equal sets are the same number.
 *
 * In words: a leaf is how many entries it has and the entries, ascending; a node is the complement of a mask of its
 * children and those of them that are there.
 */
export class EntrySets {
  readonly #keyOf: (entry: number) => number
  readonly #words = new WordStore()
  #scratch = new Int32Array(1 << 10)

  constructor(keyOf: (entry: number) => number) {
    this.#keyOf = keyOf
  }

  /** No set has this number, or a greater one. */
  get limit(): number {
    return this.#words.end
  }

  /** The set of the first `count` entries. */
  of(entries: Int32Array, count: number): number {
    if (count === 0) return NOTHING
    this.#reserve(count + 1)
    this.#scratch.set(entries.subarray(0, count), 1)
    return this.#build(1, count, 0, count + 1)
  }

  /** Calls for every part of a set, or for every entry where it is not split. */
  each(set: number, onPart: (part: number) => void, onEntry: (entry: number) => void): void {
    const head = this.#words.at(set)
    const on = head < 0 ? onPart : onEntry
    const count = head < 0 ? bitCount(~head) : head
    for (let at = set + 1; at <= set + count; at += 1) on(this.#words.at(at))
  }

  /** Entries of `set` that are in none of the others, leaving out parts of it that do not matter. */
  fresh(set: number, others: readonly number[], matters: (part: number) => boolean): readonly number[] {
    const found: number[] = []
    this.#compare(set, others, { matters, found }, 0)
    return found
  }

  #compare(set: number, others: readonly number[], search: Search, shift: number): void {
    if (others.includes(set) || !search.matters(set)) return
    const head = this.#words.at(set)
    if (head >= 0) {
      for (let at = set + 1; at <= set + head; at += 1) {
        const entry = this.#words.at(at)
        if (!others.some((other) => this.#has(other, entry, shift))) search.found.push(entry)
      }
      return
    }
    for (let slot = 0, at = set + 1; slot < CHILDREN; slot += 1) {
      if ((~head & (1 << slot)) === 0) continue
      const child = this.#words.at(at++)
      // A leaf is not split: it may hold any of the child's entries, at whatever level.
      this.#compare(child, others.map((other) => this.#child(other, slot) ?? other), search, shift + BITS)
    }
  }

  /** The first entry of a set that has this key and is accepted, or -1. */
  find(set: number, key: number, accepts: (entry: number) => boolean, shift = 0): number {
    let leaf = set
    for (let bits = shift; this.#words.at(leaf) < 0; bits += BITS) leaf = this.#child(leaf, (key >>> bits) & (CHILDREN - 1)) ?? NOTHING
    const last = leaf + this.#words.at(leaf)
    for (let at = leaf + 1; at <= last; at += 1) {
      const entry = this.#words.at(at)
      if (this.#keyOf(entry) === key && accepts(entry)) return entry
    }
    return -1
  }

  #has(set: number, entry: number, shift: number): boolean {
    return this.find(set, this.#keyOf(entry), (one) => one === entry, shift) >= 0
  }

  /** What a node has at a slot; undefined for a leaf. */
  #child(set: number, slot: number): number | undefined {
    const mask = ~this.#words.at(set)
    if (mask < 0) return undefined
    if ((mask & (1 << slot)) === 0) return NOTHING
    return this.#words.at(set + 1 + bitCount(mask & ((1 << slot) - 1)))
  }

  /** The set of the entries that stand at `from` in the scratch. The word before them may be written to, and all from `free` on. */
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

  /** Sorts entries by three bits of their keys: behind a word come the ends of the eight groups, a word more, and the groups. */
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
    for (let end = ends + 1; end < ends + CHILDREN; end += 1) scratch[end] = (scratch[end] ?? 0) + (scratch[end - 1] ?? 0)
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
      for (; hole > from && (words[hole - 1] ?? 0) > word; hole -= 1) words[hole] = words[hole - 1] ?? 0
      words[hole] = word
    }
  }
}

function bitCount(mask: number): number {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1
  return count
}
