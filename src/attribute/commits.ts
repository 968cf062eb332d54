import { readHex } from '../git/hex.ts'
import type { Bytes } from '../git/noted.ts'
import { ByteStrings, grown } from './byte-strings.ts'

/** Commits as bytes, for whoever keeps them. */
export interface PackedCommits {
  /** Their names, one after the other. */
  readonly names: Uint8Array
  /** Of each in the order of names how many parents it has, and their numbers: unsigned, of 32 bits. */
  readonly parents: Uint8Array
}

/** The number of a commit that was taken, and the name of its tree. */
interface Added {
  readonly commit: number
  readonly tree: Uint8Array
}

const TREE = Buffer.from('tree ')
const PARENT = Buffer.from('parent ')

/** The commits of a store and their parents, by number. */
export class Commits {
  readonly #ids: ByteStrings
  readonly #idBytes: number
  readonly #cut: ReadonlySet<string>
  /** For each where its parents are, and behind the last of them + 1; 0 for one that is only known as a parent. */
  #ranges: Int32Array
  #parents: Int32Array
  #end = 0
  readonly #scratch: Buffer

  /** `cut`: commits whose parents do not count, since a clone was made without them. With room for so many commits; others make more. */
  constructor(idBytes: number, cut: ReadonlySet<string>, room = 1 << 8) {
    this.#ids = new ByteStrings({ count: room, bytesOfEach: idBytes, areHashes: true })
    this.#ranges = new Int32Array(2 * room)
    this.#parents = new Int32Array(2 * room)
    this.#idBytes = idBytes
    this.#cut = cut
    this.#scratch = Buffer.alloc(idBytes)
  }

  /** From bytes that `pack` gave. */
  static unpack(idBytes: number, { names, parents }: PackedCommits): Commits {
    const commits = new Commits(idBytes, new Set(), names.length / idBytes + 1)
    const numbers = new Uint32Array(parents.buffer, parents.byteOffset, parents.length / 4)
    for (let at = 0; at < names.length; at += idBytes) commits.#numberOf(names, at)
    for (let commit = 0, at = 0; commit < commits.limit; commit += 1) {
      const from = commits.#end
      const end = at + 1 + (numbers[at] ?? 0)
      for (at += 1; at < end; at += 1) commits.#addParent(numbers[at] ?? 0)
      commits.#close(commit, from)
    }
    return commits
  }

  /** All of them, where all are there. */
  pack(): PackedCommits {
    const numbers = new Uint32Array(this.limit + this.#end)
    const names = new Uint8Array(this.limit * this.#idBytes)
    let at = 0
    for (let commit = 0; commit < this.limit; commit += 1) {
      names.set(this.#ids.bytesOf(commit), commit * this.#idBytes)
      const parents = this.parentsOf(commit)
      numbers[at++] = parents.length
      for (const parent of parents) numbers[at++] = parent
    }
    return { names, parents: new Uint8Array(numbers.buffer) }
  }

  /** No commit has this number, or a greater one. */
  get limit(): number {
    return this.#ids.count
  }

  /**
   * Takes a raw commit; undefined when it is none.
   * ```
   * tree 9daeafb9864cf43055ae93beb0afd6c7d144bfa4
   * parent 257cc5642cb1a054f08cc83f2d943e56fd3ebe99
   * ```
   */
  add(id: string, bytes: Uint8Array): Added | undefined {
    this.#scratch.write(id, 'hex')
    const commit = this.#numberOf(this.#scratch, 0)
    let next = this.#line(bytes, 0, TREE)
    if (next < 0) return undefined
    const added = { commit, tree: Uint8Array.from(this.#scratch) }
    if (this.isThere(commit)) return added
    const from = this.#end
    for (let at = next; (next = this.#line(bytes, at, PARENT)) > 0; at = next) if (!this.#cut.has(id)) this.#addParent(this.#numberOf(this.#scratch, 0))
    this.#close(commit, from)
    return added
  }

  /** Takes a commit by the bytes of its name and those of its parents', one behind the other; gives its number. */
  addNoted(id: Bytes, parents: Bytes): number {
    const commit = this.#numberOf(id.bytes, id.from)
    if (this.isThere(commit)) return commit
    const from = this.#end
    const isCut = this.#cut.size > 0 && this.#cut.has(this.idOf(commit))
    if (!isCut) for (let at = parents.from; at < parents.to; at += this.#idBytes) this.#addParent(this.#numberOf(parents.bytes, at))
    this.#close(commit, from)
    return commit
  }

  /** The number of a commit that is there, or undefined. */
  find(id: string): number | undefined {
    const commit = this.#ids.find(Buffer.from(id, 'hex'), 0, id.length / 2)
    return commit >= 0 && this.isThere(commit) ? commit : undefined
  }

  isThere(commit: number): boolean {
    return (this.#ranges[2 * commit + 1] ?? 0) > 0
  }

  /** Are all there that others have as parents? */
  isWhole(): boolean {
    for (let commit = 0; commit < this.limit; commit += 1) if (!this.isThere(commit)) return false
    return true
  }

  idOf(commit: number): string {
    return this.#ids.bytesOf(commit).toString('hex')
  }

  /** Of the parents, those that are there. */
  parentsOf(commit: number): readonly number[] {
    const parents: number[] = []
    for (let at = this.#ranges[2 * commit] ?? 0; at < (this.#ranges[2 * commit + 1] ?? 0) - 1; at += 1) {
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

  /** Of each that is there, parents before children: its number, how many parents it has, and these. */
  lineage(): Int32Array {
    const order = this.inOrder()
    const lineage = new Int32Array(2 * order.length + this.#end)
    let end = 0
    for (const commit of order) {
      lineage[end++] = commit
      const parents = this.parentsOf(commit)
      lineage[end++] = parents.length
      for (const parent of parents) lineage[end++] = parent
    }
    return lineage.subarray(0, end)
  }

  #numberOf(bytes: Uint8Array, from: number): number {
    const commit = this.#ids.numberOf(bytes, from, from + this.#idBytes)
    if (2 * commit >= this.#ranges.length) this.#ranges = grown(this.#ranges, 2 * commit + 2)
    return commit
  }

  #addParent(parent: number): void {
    if (this.#end === this.#parents.length) this.#parents = grown(this.#parents, this.#end + 1)
    this.#parents[this.#end++] = parent
  }

  /** Its parents are those that were added since `from`. */
  #close(commit: number, from: number): void {
    this.#ranges[2 * commit] = from
    this.#ranges[2 * commit + 1] = this.#end + 1
  }

  /** Puts the object that a line names into the scratch; the offset of the line behind, or -1 when this is no such line. */
  #line(bytes: Uint8Array, from: number, word: Uint8Array): number {
    const start = from + word.length
    const end = start + 2 * this.#idBytes
    if (bytes[end] !== 0x0a || word.some((byte, at) => bytes[from + at] !== byte)) return -1
    return readHex(bytes, start, this.#scratch) ? end + 1 : -1
  }
}
