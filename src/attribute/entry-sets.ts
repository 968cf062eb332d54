import { grown } from './byte-strings.ts'

/** A set of more entries than this is split. */
const LEAF_ENTRIES = 8
const BITS = 3
const CHILDREN = 1 << BITS
/** Beyond the last bit of a key there is nothing left to split by. */
const LAST_SHIFT = 30

/** The set of nothing. */
export const NOTHING = 0

/**
 * Sets of small numbers, each set stored once. Versions of a folder differ in few entries, so a set is a tree that is split
 * by three bits of the entries' keys a level, and sets share the parts that are equal. Equal sets are the same number.
 *
 * In words: a leaf is how many entries it has and the entries, ascending; a node is the complement of a mask of its
 * children and those of them that are there.
 */
export class EntrySets {
  readonly #keyOf: (entry: number) => number
  #words = new Int32Array(1 << 10)
  #end = 1
  #slots = new Int32Array(1 << 8)
  #count = 0
  #scratch = new Int32Array(1 << 10)

  constructor(keyOf: (entry: number) => number) {
    this.#keyOf = keyOf
  }

  /** No set has this number, or a greater one. */
  get limit(): number {
    return this.#end
  }

  /** The set of the first `count` entries. */
  of(entries: Int32Array, count: number): number {
    if (count === 0) return NOTHING
    this.#reserve(count + 1)
    this.#scratch.set(entries.subarray(0, count), 1)
    return this.#build(1, count, 0)
  }

  /** Calls for every part of a set, or for every entry where it is not split. */
  each(set: number, onPart: (part: number) => void, onEntry: (entry: number) => void): void {
    const head = this.#words[set] ?? 0
    const on = head < 0 ? onPart : onEntry
    const count = head < 0 ? bitCount(~head) : head
    for (let at = set + 1; at <= set + count; at += 1) on(this.#words[at] ?? 0)
  }

  /** Entries of `set` that are in none of the others, leaving out parts of it that do not matter. */
  fresh(set: number, others: readonly number[], matters: (part: number) => boolean, found: number[], shift = 0): void {
    if (others.includes(set) || !matters(set)) return
    const head = this.#words[set] ?? 0
    if (head >= 0) {
      for (let at = set + 1; at <= set + head; at += 1) {
        const entry = this.#words[at] ?? 0
        if (!others.some((other) => this.#has(other, entry, shift))) found.push(entry)
      }
      return
    }
    for (let slot = 0, at = set + 1; slot < CHILDREN; slot += 1) {
      if ((~head & (1 << slot)) === 0) continue
      const child = this.#words[at++] ?? 0
      // A leaf is not split: it may hold any of the child's entries, at whatever level.
      this.fresh(child, others.map((other) => this.#child(other, slot) ?? other), matters, found, shift + BITS)
    }
  }

  /** The first entry of a set that has this key and is accepted, or -1. */
  find(set: number, key: number, accepts: (entry: number) => boolean, shift = 0): number {
    let leaf = set
    for (let bits = shift; (this.#words[leaf] ?? 0) < 0; bits += BITS) leaf = this.#child(leaf, (key >>> bits) & (CHILDREN - 1)) ?? NOTHING
    const last = leaf + (this.#words[leaf] ?? 0)
    for (let at = leaf + 1; at <= last; at += 1) {
      const entry = this.#words[at] ?? 0
      if (this.#keyOf(entry) === key && accepts(entry)) return entry
    }
    return -1
  }

  #has(set: number, entry: number, shift: number): boolean {
    return this.find(set, this.#keyOf(entry), (one) => one === entry, shift) >= 0
  }

  /** What a node has at a slot; undefined for a leaf. */
  #child(set: number, slot: number): number | undefined {
    const mask = ~(this.#words[set] ?? 0)
    if (mask < 0) return undefined
    if ((mask & (1 << slot)) === 0) return NOTHING
    return this.#words[set + 1 + bitCount(mask & ((1 << slot) - 1))] ?? NOTHING
  }

  /** The set of the entries that stand at `from` in the scratch, which may be written to from the word before on. */
  #build(from: number, count: number, shift: number): number {
    if (count <= LEAF_ENTRIES || shift > LAST_SHIFT) return this.#leaf(from, count)
    const node = from + count
    const entries = node + 1 + CHILDREN + 1
    this.#reserve(entries + count)
    let mask = 0
    let made = 0
    for (let slot = 0; slot < CHILDREN; slot += 1) {
      let end = entries
      for (let at = from; at < node; at += 1) {
        const entry = this.#scratch[at] ?? 0
        if (((this.#keyOf(entry) >>> shift) & (CHILDREN - 1)) === slot) this.#scratch[end++] = entry
      }
      if (end === entries) continue
      const child = this.#build(entries, end - entries, shift + BITS)
      mask |= 1 << slot
      this.#scratch[node + ++made] = child
    }
    this.#scratch[node] = ~mask
    return this.#keep(node, made + 1)
  }

  #leaf(from: number, count: number): number {
    sort(this.#scratch, from, from + count)
    let end = from
    for (let at = from; at < from + count; at += 1) {
      const entry = this.#scratch[at] ?? 0
      if (end === from || entry !== this.#scratch[end - 1]) this.#scratch[end++] = entry
    }
    this.#scratch[from - 1] = end - from
    return this.#keep(from - 1, end - from + 1)
  }

  /** Where the words are that stand at `from` in the scratch; they are added when they are new. */
  #keep(from: number, length: number): number {
    const mask = this.#slots.length - 1
    let slot = hashOf(this.#scratch, from, length) & mask
    for (let known = this.#slots[slot] ?? 0; known > 0; known = this.#slots[slot] ?? 0) {
      if (this.#equals(known, from, length)) return known
      slot = (slot + 1) & mask
    }
    const start = this.#end
    if (start + length > this.#words.length) this.#words = grown(this.#words, start + length)
    this.#words.set(this.#scratch.subarray(from, from + length), start)
    this.#end = start + length
    this.#slots[slot] = start
    this.#count += 1
    if (this.#count * 2 > this.#slots.length) this.#spread()
    return start
  }

  #equals(known: number, from: number, length: number): boolean {
    for (let at = 0; at < length; at += 1) if (this.#words[known + at] !== this.#scratch[from + at]) return false
    return true
  }

  #spread(): void {
    const mask = this.#slots.length * 2 - 1
    this.#slots = new Int32Array(mask + 1)
    for (let start = 1, length = 0; start < this.#end; start += length) {
      const head = this.#words[start] ?? 0
      length = 1 + (head < 0 ? bitCount(~head) : head)
      let slot = hashOf(this.#words, start, length) & mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = start
    }
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

function hashOf(words: Int32Array, from: number, length: number): number {
  let hash = length
  for (let at = from; at < from + length; at += 1) hash = Math.imul(hash ^ (words[at] ?? 0), 0x9e3779b1) ^ (hash >>> 13)
  return hash ^ (hash >>> 16)
}

function bitCount(mask: number): number {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1
  return count
}
