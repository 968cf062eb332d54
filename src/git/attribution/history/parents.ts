/** The graph of commits by number, in flat arrays: there can be a million. */
import { bytesIn, grown, numbersIn } from '../index/byte-strings.ts'

/** States of a commit during the search for an order. */
const UNVISITED = 0
const ON_STACK = 1
const DONE = 2

/** Parents in the form in which a cache stores them: arrays of 32-bit numbers as bytes. */
export interface PackedParents {
  readonly ranges: Uint8Array
  readonly parents: Uint8Array
}

/** The graph of commits: the parents of each commit. */
export class Parents {
  /**
   * Two numbers a commit: the position of its first parent, and the position behind its last parent
   * plus 1. The second is 0 for a commit that only occurs as a parent.
   */
  #ranges = new Int32Array(1 << 9)
  #parents = new Int32Array(1 << 9)
  #end = 0
  /** Number of leading commits that all come after their parents. */
  #ordered = 0
  #order: Int32Array | undefined

  /** Restores the result of `pack`. */
  static unpack({ ranges, parents }: PackedParents): Parents {
    const unpacked = new Parents()
    unpacked.#ranges = numbersIn(ranges)
    unpacked.#parents = numbersIn(parents)
    unpacked.#end = unpacked.#parents.length
    unpacked.#ordered = unpacked.#ranges.length / 2
    return unpacked
  }

  /** Packs the parents of the first `count` commits. */
  pack(count: number): PackedParents {
    return {
      ranges: bytesIn(this.#ranges.subarray(0, 2 * count)),
      parents: bytesIn(this.#parents.subarray(0, this.#end)),
    }
  }

  /** True when each of the first `count` commits is known to come after its parents. */
  isOrdered(count: number): boolean {
    return this.#ordered === count
  }

  /** Sets the parents of a commit, unless they are set already. */
  add(commit: number, parents: readonly number[]): void {
    if (this.has(commit)) return
    this.#order = undefined
    if (2 * commit + 2 > this.#ranges.length) this.#ranges = grown(this.#ranges, 2 * commit + 2)
    this.#ranges[2 * commit] = this.#end
    for (const parent of parents) {
      if (this.#end === this.#parents.length) this.#parents = grown(this.#parents, this.#end + 1)
      this.#parents[this.#end++] = parent
    }
    this.#ranges[2 * commit + 1] = this.#end + 1
  }

  /** True when the commit is in the store, and does not only occur as a parent. */
  has(commit: number): boolean {
    return (this.#ranges[2 * commit + 1] ?? 0) > 0
  }

  /** Returns the parents that are in the store. */
  of(commit: number): readonly number[] {
    const parents: number[] = []
    for (let at = this.#from(commit); at < this.#to(commit); at += 1) {
      const parent = this.#parents[at] ?? 0
      if (this.has(parent)) parents.push(parent)
    }
    return parents
  }

  /** True when a parent has the same value as the commit. `values` holds one value a commit. */
  haveValueOf(commit: number, values: Int32Array): boolean {
    for (let at = this.#from(commit); at < this.#to(commit); at += 1)
      if (values[this.#parents[at] ?? 0] === values[commit]) return true
    return false
  }

  /** Returns the first `count` commits that are in the store, parents before children. */
  inOrder(count: number): Int32Array {
    this.#order ??= this.#findOrder(count)
    return this.#order
  }

  #findOrder(limit: number): Int32Array {
    const order = new Int32Array(limit)
    for (let commit = 0; commit < this.#ordered; commit += 1) order[commit] = commit
    const state = new Uint8Array(limit).fill(DONE, 0, this.#ordered)
    let count = this.#ordered
    const stack: number[] = []
    for (let commit = count; commit < limit; commit += 1) {
      if (state[commit] === UNVISITED && this.has(commit)) stack.push(commit)
      for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
        if (state[top] === UNVISITED) {
          state[top] = ON_STACK
          this.#pushUnvisited(top, state, stack)
        } else {
          stack.pop()
          if (state[top] === ON_STACK) order[count++] = top
          state[top] = DONE
        }
      }
    }
    return order.subarray(0, count)
  }

  /** Pushes the parents that are in the store and were not visited. */
  #pushUnvisited(commit: number, state: Uint8Array, stack: number[]): void {
    for (let at = this.#from(commit); at < this.#to(commit); at += 1) {
      const parent = this.#parents[at] ?? 0
      if (state[parent] === UNVISITED && this.has(parent)) stack.push(parent)
    }
  }

  /** Adds to the bits of each commit, in this order, the bits of its parents. */
  inherit(order: Int32Array, bits: Int32Array): void {
    for (let index = 0; index < order.length; index += 1) {
      const commit = order[index] ?? 0
      for (let at = this.#from(commit), end = this.#to(commit); at < end; at += 1)
        bits[commit] = (bits[commit] ?? 0) | (bits[this.#parents[at] ?? 0] ?? 0)
    }
  }

  /** Marks the ancestors of the marked commits. The order lists parents before children. */
  markAncestors(order: Int32Array, reached: Uint8Array): void {
    for (let index = order.length - 1; index >= 0; index -= 1) {
      const commit = order[index] ?? 0
      if (reached[commit] === 0) continue
      for (let at = this.#from(commit), end = this.#to(commit); at < end; at += 1)
        reached[this.#parents[at] ?? 0] = 1
    }
  }

  #from(commit: number): number {
    return this.#ranges[2 * commit] ?? 0
  }

  #to(commit: number): number {
    return (this.#ranges[2 * commit + 1] ?? 0) - 1
  }
}
