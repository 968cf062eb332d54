import { ByteStrings, grown } from './byte-strings.ts'

const TREE = Buffer.from('tree ')
const PARENT = Buffer.from('parent ')

/** The commits of a store and their parents, by number. */
export class Commits {
  readonly #ids = new ByteStrings()
  readonly #idBytes: number
  readonly #cut: ReadonlySet<string>
  /** For each commit the number of its tree + 1; 0 for one that is only known as a parent. */
  #trees = new Int32Array(1 << 8)
  /** For each where its parents are, and behind the last of them. */
  #ranges = new Int32Array(1 << 9)
  #parents = new Int32Array(1 << 8)
  #end = 0
  readonly #scratch: Buffer

  /** `cut`: commits whose parents do not count, since a clone was made without them. */
  constructor(idBytes: number, cut: ReadonlySet<string>) {
    this.#idBytes = idBytes
    this.#cut = cut
    this.#scratch = Buffer.alloc(idBytes)
  }

  /** No commit has this number, or a greater one. */
  get limit(): number {
    return this.#ids.count
  }

  /**
   * Takes a raw commit; false when it is none. Its tree is given a number in `trees`.
   * ```
   * tree 9daeafb9864cf43055ae93beb0afd6c7d144bfa4
   * parent 257cc5642cb1a054f08cc83f2d943e56fd3ebe99
   * ```
   */
  add(id: string, bytes: Uint8Array, trees: ByteStrings): boolean {
    const commit = this.#numberOf(Buffer.from(id, 'hex'))
    if ((this.#trees[commit] ?? 0) > 0) return true
    let next = this.#line(bytes, 0, TREE)
    if (next < 0) return false
    this.#trees[commit] = trees.numberOf(this.#scratch, 0, this.#idBytes) + 1
    const from = this.#end
    for (let at = next; (next = this.#line(bytes, at, PARENT)) > 0; at = next) {
      if (this.#end === this.#parents.length) this.#parents = grown(this.#parents, this.#end + 1)
      if (!this.#cut.has(id)) this.#parents[this.#end++] = this.#numberOf(this.#scratch)
    }
    this.#ranges[2 * commit] = from
    this.#ranges[2 * commit + 1] = this.#end
    return true
  }

  /** The number of a commit that is there, or undefined. */
  find(id: string): number | undefined {
    const commit = this.#ids.find(Buffer.from(id, 'hex'), 0, id.length / 2)
    return commit >= 0 && this.isThere(commit) ? commit : undefined
  }

  isThere(commit: number): boolean {
    return (this.#trees[commit] ?? 0) > 0
  }

  idOf(commit: number): string {
    return this.#ids.bytesOf(commit).toString('hex')
  }

  treeOf(commit: number): number {
    return (this.#trees[commit] ?? 0) - 1
  }

  /** Of the parents, those that are there. */
  parentsOf(commit: number): readonly number[] {
    const parents: number[] = []
    for (let at = this.#ranges[2 * commit] ?? 0; at < (this.#ranges[2 * commit + 1] ?? 0); at += 1) {
      const parent = this.#parents[at] ?? 0
      if (this.isThere(parent)) parents.push(parent)
    }
    return parents
  }

  /** All that are there, parents before children. */
  inOrder(): Int32Array {
    const order = new Int32Array(this.limit)
    const state = new Uint8Array(this.limit)
    let count = 0
    for (let commit = 0; commit < this.limit; commit += 1) {
      const stack = this.isThere(commit) ? [commit] : []
      for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
        if (state[top] === 0) {
          state[top] = 1
          for (const parent of this.parentsOf(top)) if (state[parent] === 0) stack.push(parent)
        } else {
          stack.pop()
          if (state[top] === 1) order[count++] = top
          state[top] = 2
        }
      }
    }
    return order.subarray(0, count)
  }

  #numberOf(id: Uint8Array): number {
    const commit = this.#ids.numberOf(id, 0, id.length)
    if (commit >= this.#trees.length) {
      this.#trees = grown(this.#trees, commit + 1)
      this.#ranges = grown(this.#ranges, 2 * this.#trees.length)
    }
    return commit
  }

  /** Puts the object that a line names into the scratch; the offset of the line behind, or -1 when this is no such line. */
  #line(bytes: Uint8Array, from: number, word: Uint8Array): number {
    const start = from + word.length
    const end = start + 2 * this.#idBytes
    if (bytes[end] !== 0x0a || word.some((byte, at) => bytes[from + at] !== byte)) return -1
    for (let at = 0; at < this.#idBytes; at += 1) {
      const byte = (digit(bytes[start + 2 * at]) << 4) | digit(bytes[start + 2 * at + 1])
      if (byte < 0) return -1
      this.#scratch[at] = byte
    }
    return end + 1
  }
}

/** Git takes capitals too. */
function digit(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}
