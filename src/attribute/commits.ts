import type { Bytes } from '../git/noted.ts'
import { ByteStrings, grown } from './byte-strings.ts'
import { linksOf } from './raw-commit.ts'

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

/** The commits of a store and their parents, by number. */
export class Commits {
  readonly #ids: ByteStrings
  readonly #idBytes: number
  readonly #cut: ReadonlySet<string>
  /** For each where its parents are, and behind the last of them + 1; 0 for one that is only known as a parent. */
  #ranges: Int32Array
  #parents: Int32Array
  #end = 0
  /** So many, the first ones, have their parents before them. */
  #ordered = 0

  /** `cut`: commits whose parents do not count, since a clone was made without them. With room for so many commits; others make more. */
  constructor(idBytes: number, cut: ReadonlySet<string>, room = 1 << 8) {
    this.#ids = new ByteStrings({ count: room, bytesOfEach: idBytes, areHashes: true })
    this.#ranges = new Int32Array(2 * room)
    this.#parents = new Int32Array(2 * room)
    this.#idBytes = idBytes
    this.#cut = cut
  }

  /** From bytes that `pack` gave. */
  static unpack(idBytes: number, { names, parents }: PackedCommits): Commits {
    const commits = new Commits(idBytes, new Set(), names.length / idBytes + 1)
    const numbers = new Uint32Array(parents.buffer, parents.byteOffset, parents.length / 4)
    commits.#ids.addAll(names, idBytes)
    for (let commit = 0, at = 0; commit < commits.limit; commit += 1) {
      const from = commits.#end
      const end = at + 1 + (numbers[at] ?? 0)
      for (at += 1; at < end; at += 1) commits.#addParent(numbers[at] ?? 0)
      commits.#close(commit, from)
    }
    commits.#ordered = commits.limit
    return commits
  }

  /** All of them, where all are there, parents before children. */
  pack(): PackedCommits {
    const order = this.inOrder()
    const places = new Uint32Array(this.limit)
    order.forEach((commit, place) => (places[commit] = place))
    const numbers = new Uint32Array(this.limit + this.#end)
    const names = new Uint8Array(this.limit * this.#idBytes)
    let at = 0
    for (const [place, commit] of order.entries()) {
      names.set(this.#ids.bytesOf(commit), place * this.#idBytes)
      const parents = this.parentsOf(commit)
      numbers[at++] = parents.length
      for (const parent of parents) numbers[at++] = places[parent] ?? 0
    }
    return { names, parents: new Uint8Array(numbers.buffer, 0, 4 * at) }
  }

  /** No commit has this number, or a greater one. */
  get limit(): number {
    return this.#ids.count
  }

  /** Takes a raw commit; undefined when it is none. */
  add(id: string, raw: Uint8Array): Added | undefined {
    const links = linksOf(raw, this.#idBytes)
    if (links === undefined) return undefined
    const commit = this.addNoted({ bytes: Buffer.from(id, 'hex'), from: 0, to: this.#idBytes }, { bytes: links, from: this.#idBytes, to: links.length })
    return { commit, tree: links.subarray(0, this.#idBytes) }
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
    for (let commit = 0; commit < this.#ordered; commit += 1) order[commit] = commit
    const state = new Uint8Array(this.limit).fill(2, 0, this.#ordered)
    let count = this.#ordered
    for (let commit = count; commit < this.limit; commit += 1) {
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
      lineage[end] = commit
      const count = end + 1
      end += 2
      for (let at = this.#ranges[2 * commit] ?? 0; at < (this.#ranges[2 * commit + 1] ?? 0) - 1; at += 1) if (this.isThere(this.#parents[at] ?? 0)) lineage[end++] = this.#parents[at] ?? 0
      lineage[count] = end - count - 1
    }
    return lineage.subarray(0, end)
  }

  #numberOf(bytes: Uint8Array, from: number): number {
    const commit = this.#ids.numberOf(bytes, from, from + this.#idBytes)
    if (2 * commit + 2 > this.#ranges.length) this.#ranges = grown(this.#ranges, 2 * commit + 2)
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
}
