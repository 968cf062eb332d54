/** Sets of entries, the form in which attribution stores trees. */
import { BITS, CHILDREN, MAX_LEAF_ENTRIES, SetBuilder } from './set-builder.ts'
import { WordStore } from './word-store.ts'

/** The empty set. */
export const EMPTY_SET = 0

interface Comparison {
  readonly isRelevant: (part: number) => boolean
  readonly found: number[]
}

/**
 * Sets of small numbers, each distinct set stored once, so that equal sets are the same number.
 * Versions of a folder differ in few entries. A set is therefore a tree (a trie) that each level
 * splits by three bits of the entries' keys, and sets share equal parts.
 *
 * In words: a leaf is the number of its entries and the entries in ascending order. A node is the
 * complement of a mask of its children, and the children that exist.
 */
export class EntrySets {
  readonly #keyOf: (entry: number) => number
  readonly #words = new WordStore()
  readonly #builder: SetBuilder

  constructor(keyOf: (entry: number) => number) {
    this.#keyOf = keyOf
    this.#builder = new SetBuilder(keyOf, this.#words)
  }

  /** Exclusive upper bound of the numbers of sets. */
  get limit(): number {
    return this.#words.end
  }

  /** Returns the set of the first `count` entries. */
  of(entries: Int32Array, count: number): number {
    return count === 0 ? EMPTY_SET : this.#builder.build(entries.subarray(0, count), 0)
  }

  /** Returns a set without the removed entries and with the added ones. */
  changed(set: number, removed: readonly number[], added: readonly number[], shift = 0): number {
    if (removed.length === 0 && added.length === 0) return set
    if (this.#words.at(set) >= 0) return this.#rebuild(set, removed, added, shift)
    const slotOf = (entry: number): number => (this.#keyOf(entry) >>> shift) & (CHILDREN - 1)
    const touched = [...removed, ...added].reduce((mask, entry) => mask | (1 << slotOf(entry)), 0)
    const children: number[] = []
    let entries = 0
    for (let slot = 0; slot < CHILDREN; slot += 1) {
      const child = this.#child(set, slot) ?? EMPTY_SET
      const isInSlot = (entry: number): boolean => slotOf(entry) === slot
      const changedChild =
        (touched & (1 << slot)) === 0
          ? child
          : this.changed(child, removed.filter(isInSlot), added.filter(isInSlot), shift + BITS)
      children.push(changedChild)
      const size = this.#words.at(changedChild)
      entries += size < 0 ? MAX_LEAF_ENTRIES + 1 : size
    }
    return entries > MAX_LEAF_ENTRIES
      ? this.#builder.node(children)
      : this.#rebuild(set, removed, added, shift)
  }

  /** Builds the changed set from its entries. */
  #rebuild(
    set: number,
    removed: readonly number[],
    added: readonly number[],
    shift: number,
  ): number {
    const entries = [
      ...new Set([...this.#entriesOf(set).filter((entry) => !removed.includes(entry)), ...added]),
    ]
    return entries.length === 0 ? EMPTY_SET : this.#builder.build(entries, shift)
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

  /** Calls `onPart` for each child of a node, or `onEntry` for each entry of a leaf. */
  each(set: number, onPart: (part: number) => void, onEntry: (entry: number) => void): void {
    const head = this.#words.at(set)
    const visit = head < 0 ? onPart : onEntry
    const count = head < 0 ? bitCount(~head) : head
    for (let at = set + 1; at <= set + count; at += 1) visit(this.#words.at(at))
  }

  /** Returns the entries of `set` that are in none of the others, in its relevant parts. */
  difference(
    set: number,
    others: readonly number[],
    isRelevant: (part: number) => boolean,
  ): readonly number[] {
    const found: number[] = []
    this.#compare(set, others, { isRelevant, found }, 0)
    return found
  }

  #compare(set: number, others: readonly number[], comparison: Comparison, shift: number): void {
    if (others.includes(set) || !comparison.isRelevant(set)) return
    const head = this.#words.at(set)
    if (head >= 0) {
      for (let at = set + 1; at <= set + head; at += 1) {
        const entry = this.#words.at(at)
        if (!others.some((other) => this.#has(other, entry, shift))) comparison.found.push(entry)
      }
      return
    }
    for (let slot = 0, at = set + 1; slot < CHILDREN; slot += 1) {
      if ((~head & (1 << slot)) === 0) continue
      const child = this.#words.at(at++)
      // Another set that is a leaf is not split: it may hold any of the child's entries.
      this.#compare(
        child,
        others.map((other) => this.#child(other, slot) ?? other),
        comparison,
        shift + BITS,
      )
    }
  }

  /** Returns the first accepted entry of a set that has this key, or -1. */
  find(set: number, key: number, accepts: (entry: number) => boolean, shift = 0): number {
    let leaf = set
    for (let bits = shift; this.#words.at(leaf) < 0; bits += BITS)
      leaf = this.#child(leaf, (key >>> bits) & (CHILDREN - 1)) ?? EMPTY_SET
    const last = leaf + this.#words.at(leaf)
    for (let at = leaf + 1; at <= last; at += 1) {
      const entry = this.#words.at(at)
      if (this.#keyOf(entry) === key && accepts(entry)) return entry
    }
    return -1
  }

  #has(set: number, entry: number, shift: number): boolean {
    return this.find(set, this.#keyOf(entry), (candidate) => candidate === entry, shift) >= 0
  }

  /** Returns the child of a node at a slot, or undefined for a leaf. */
  #child(set: number, slot: number): number | undefined {
    const mask = ~this.#words.at(set)
    if (mask < 0) return undefined
    if ((mask & (1 << slot)) === 0) return EMPTY_SET
    return this.#words.at(set + 1 + bitCount(mask & ((1 << slot) - 1)))
  }
}

function bitCount(mask: number): number {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1
  return count
}
