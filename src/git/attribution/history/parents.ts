import { bytesIn, grown, numbersIn } from '../index/byte-strings.ts'

/** As whoever keeps them has them, both as 32 bits a number. */
export interface PackedParents {
  readonly ranges: Uint8Array
  readonly parents: Uint8Array
}

/** How commits follow each other, by number. */
export class Parents {
  /**
   * For each where its parents are, and behind the last of them + 1; 0 for one that is only known
   * as a parent.
   */
  #ranges = new Int32Array(1 << 9)
  #parents = new Int32Array(1 << 9)
  #end = 0
  /** So many, the first ones, have their parents before them. */
  #ordered = 0
  #order: Int32Array | undefined

  /** From what `pack` gave. */
  static unpack({ ranges, parents }: PackedParents): Parents {
    const unpacked = new Parents()
    unpacked.#ranges = numbersIn(ranges)
    unpacked.#parents = numbersIn(parents)
    unpacked.#end = unpacked.#parents.length
    unpacked.#ordered = unpacked.#ranges.length / 2
    return unpacked
  }

  /** Those of the first `count` commits. */
  pack(count: number): PackedParents {
    return {
      ranges: bytesIn(this.#ranges.subarray(0, 2 * count)),
      parents: bytesIn(this.#parents.subarray(0, this.#end)),
    }
  }

  /** Have the first `count` commits their parents before them, as they come? */
  isOrdered(count: number): boolean {
    return this.#ordered === count
  }

  /** Only the first time matters. */
  add(commit: number, parents: readonly number[]): void {
    if (this.isThere(commit)) return
    this.#order = undefined
    if (2 * commit + 2 > this.#ranges.length) this.#ranges = grown(this.#ranges, 2 * commit + 2)
    this.#ranges[2 * commit] = this.#end
    for (const parent of parents) {
      if (this.#end === this.#parents.length) this.#parents = grown(this.#parents, this.#end + 1)
      this.#parents[this.#end++] = parent
    }
    this.#ranges[2 * commit + 1] = this.#end + 1
  }

  isThere(commit: number): boolean {
    return (this.#ranges[2 * commit + 1] ?? 0) > 0
  }

  /** Of the parents, those that are there. */
  of(commit: number): readonly number[] {
    const parents: number[] = []
    for (let at = this.#from(commit); at < this.#to(commit); at += 1) {
      const parent = this.#parents[at] ?? 0
      if (this.isThere(parent)) parents.push(parent)
    }
    return parents
  }

  /** Has one of the parents the same value? That of each commit stands at its number. */
  haveValueOf(commit: number, values: Int32Array): boolean {
    for (let at = this.#from(commit); at < this.#to(commit); at += 1)
      if (values[this.#parents[at] ?? 0] === values[commit]) return true
    return false
  }

  /** Of the first `count` commits all that are there, parents before children. */
  inOrder(count: number): Int32Array {
    this.#order ??= this.#findOrder(count)
    return this.#order
  }

  #findOrder(limit: number): Int32Array {
    const order = new Int32Array(limit)
    for (let commit = 0; commit < this.#ordered; commit += 1) order[commit] = commit
    const state = new Uint8Array(limit).fill(2, 0, this.#ordered)
    let count = this.#ordered
    const stack: number[] = []
    for (let commit = count; commit < limit; commit += 1) {
      if (state[commit] === 0 && this.isThere(commit)) stack.push(commit)
      for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
        if (state[top] === 0) {
          state[top] = 1
          this.#pushNew(top, state, stack)
        } else {
          stack.pop()
          if (state[top] === 1) order[count++] = top
          state[top] = 2
        }
      }
    }
    return order.subarray(0, count)
  }

  /** Adds parents that are there and have no state. */
  #pushNew(commit: number, state: Uint8Array, stack: number[]): void {
    for (let at = this.#from(commit); at < this.#to(commit); at += 1) {
      const parent = this.#parents[at] ?? 0
      if (state[parent] === 0 && this.isThere(parent)) stack.push(parent)
    }
  }

  /** Gives each commit, in this order, what its parents have: bits, by number. */
  inherit(order: Int32Array, bits: Int32Array): void {
    for (let place = 0; place < order.length; place += 1) {
      const commit = order[place] ?? 0
      for (let at = this.#from(commit), end = this.#to(commit); at < end; at += 1)
        bits[commit] = (bits[commit] ?? 0) | (bits[this.#parents[at] ?? 0] ?? 0)
    }
  }

  /** Marks all parents of those that are marked, and theirs, from the last one in this order. */
  reach(order: Int32Array, reached: Uint8Array): void {
    for (let place = order.length - 1; place >= 0; place -= 1) {
      const commit = order[place] ?? 0
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
