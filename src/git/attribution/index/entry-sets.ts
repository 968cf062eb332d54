import { BITS, CHILDREN, LEAF_ENTRIES, SetBuilder } from './set-builder.ts'
import { WordStore } from './word-store.ts'

/** The set of nothing. */
export const NOTHING = 0

interface Search {
  readonly matters: (part: number) => boolean
  readonly found: number[]
}

/**
 * Sets of small numbers, each set stored once. Versions of a folder differ in few entries, so a set
 * is a tree that is split by three bits of the entries' keys a level, and sets share the parts that
 * are equal. Equal sets are the same number.
 *
 * In words: a leaf is how many entries it has and the entries, ascending; a node is the complement
 * of a mask of its children and those of them that are there.
 */
export class EntrySets {
  readonly #keyOf: (entry: number) => number
  readonly #words = new WordStore()
  readonly #builder: SetBuilder

  constructor(keyOf: (entry: number) => number) {
    this.#keyOf = keyOf
    this.#builder = new SetBuilder(keyOf, this.#words)
  }

  /** No set has this number, or a greater one. */
  get limit(): number {
    return this.#words.end
  }

  /** The set of the first `count` entries. */
  of(entries: Int32Array, count: number): number {
    return count === 0 ? NOTHING : this.#builder.build(entries.subarray(0, count), 0)
  }

  /** A set without some of its entries and with others. */
  changed(set: number, gone: readonly number[], come: readonly number[], shift = 0): number {
    if (gone.length === 0 && come.length === 0) return set
    if (this.#words.at(set) >= 0) return this.#rebuilt(set, gone, come, shift)
    const slotOf = (entry: number): number => (this.#keyOf(entry) >>> shift) & (CHILDREN - 1)
    const touched = [...gone, ...come].reduce((mask, entry) => mask | (1 << slotOf(entry)), 0)
    const children: number[] = []
    let entries = 0
    for (let slot = 0; slot < CHILDREN; slot += 1) {
      const child = this.#child(set, slot) ?? NOTHING
      const isOf = (entry: number): boolean => slotOf(entry) === slot
      const own =
        (touched & (1 << slot)) === 0
          ? child
          : this.changed(child, gone.filter(isOf), come.filter(isOf), shift + BITS)
      children.push(own)
      entries += this.#words.at(own) < 0 ? LEAF_ENTRIES + 1 : this.#words.at(own)
    }
    return entries > LEAF_ENTRIES
      ? this.#builder.node(children)
      : this.#rebuilt(set, gone, come, shift)
  }

  /** Made of its entries anew. */
  #rebuilt(set: number, gone: readonly number[], come: readonly number[], shift: number): number {
    const entries = [
      ...new Set([...this.#entriesOf(set).filter((entry) => !gone.includes(entry)), ...come]),
    ]
    return entries.length === 0 ? NOTHING : this.#builder.build(entries, shift)
  }

  #entriesOf(set: number): readonly number[] {
    const entries: number[] = []
    this.each(
      set,
      (part) => void entries.push(...this.#entriesOf(part)),
      (entry) => void entries.push(entry),
    )
    return entries
  }

  /** Calls for every part of a set, or for every entry where it is not split. */
  each(set: number, onPart: (part: number) => void, onEntry: (entry: number) => void): void {
    const head = this.#words.at(set)
    const on = head < 0 ? onPart : onEntry
    const count = head < 0 ? bitCount(~head) : head
    for (let at = set + 1; at <= set + count; at += 1) on(this.#words.at(at))
  }

  /**
   * Entries of `set` that are in none of the others, leaving out parts of it that do not matter.
   */
  fresh(
    set: number,
    others: readonly number[],
    matters: (part: number) => boolean,
  ): readonly number[] {
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
      this.#compare(
        child,
        others.map((other) => this.#child(other, slot) ?? other),
        search,
        shift + BITS,
      )
    }
  }

  /** The first entry of a set that has this key and is accepted, or -1. */
  find(set: number, key: number, accepts: (entry: number) => boolean, shift = 0): number {
    let leaf = set
    for (let bits = shift; this.#words.at(leaf) < 0; bits += BITS)
      leaf = this.#child(leaf, (key >>> bits) & (CHILDREN - 1)) ?? NOTHING
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
}

function bitCount(mask: number): number {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1
  return count
}
