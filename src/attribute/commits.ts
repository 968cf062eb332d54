import type { Bytes } from '../git/noted.ts'
import { ByteStrings, bytesIn, grown, numbersIn, type PackedStrings } from './byte-strings.ts'
import { linksOf } from './raw-commit.ts'

/** Commits as whoever keeps them has them, parents before children: what they are looked up by, too, so that nothing is to be made of it. */
export interface PackedCommits {
  readonly ids: PackedStrings
  /** Both as 32 bits a number. */
  readonly ranges: Uint8Array
  readonly parents: Uint8Array
}

/** The number of a commit that was taken, and the name of its tree. */
interface Added {
  readonly commit: number
  readonly tree: Uint8Array
}

/** Room for so many commits there is from the start; others make more. */
const FEW = 1 << 8

/** The commits of a store and their parents, by number. */
export class Commits {
  readonly #ids: ByteStrings
  readonly #idBytes: number
  readonly #cut: ReadonlySet<string>
  /** For each where its parents are, and behind the last of them + 1; 0 for one that is only known as a parent. */
  #ranges = new Int32Array(2 * FEW)
  #parents = new Int32Array(2 * FEW)
  #end = 0
  /** So many, the first ones, have their parents before them. */
  #ordered = 0
  #order: Int32Array | undefined

  /** `cut`: commits whose parents do not count, since a clone was made without them. */
  constructor(idBytes: number, cut: ReadonlySet<string>, ids = namesFor(idBytes, FEW)) {
    this.#ids = ids
    this.#idBytes = idBytes
    this.#cut = cut
  }

  /** From what `pack` gave. */
  static unpack(idBytes: number, { ids, ranges, parents }: PackedCommits): Commits {
    const commits = new Commits(idBytes, new Set(), ByteStrings.unpack(ids, { areHashes: true }))
    commits.#ranges = numbersIn(ranges)
    commits.#parents = numbersIn(parents)
    commits.#end = commits.#parents.length
    commits.#ordered = commits.limit
    return commits
  }

  /** All of them, where all are there. */
  pack(): PackedCommits {
    const ordered = this.#ordered === this.limit ? this : this.#inOrderOfNumbers()
    return { ids: ordered.#ids.pack(), ranges: bytesIn(ordered.#ranges.subarray(0, 2 * ordered.limit)), parents: bytesIn(ordered.#parents.subarray(0, ordered.#end)) }
  }

  /** The same, with numbers in which parents are before children. */
  #inOrderOfNumbers(): Commits {
    const ordered = new Commits(this.#idBytes, new Set(), namesFor(this.#idBytes, this.limit))
    for (const commit of this.inOrder()) {
      const from = ordered.#end
      const number = ordered.#numberOf(this.#ids.bytesOf(commit), 0)
      for (const parent of this.parentsOf(commit)) ordered.#addParent(ordered.#numberOf(this.#ids.bytesOf(parent), 0))
      ordered.#close(number, from)
    }
    return ordered
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
    this.#order = undefined
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
    this.#order ??= this.#findOrder()
    return this.#order
  }

  #findOrder(): Int32Array {
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

  /** Gives each commit what its parents have, and theirs: bits, by number. */
  inherit(bits: Int32Array): void {
    const order = this.inOrder()
    for (let place = 0; place < order.length; place += 1) {
      const commit = order[place] ?? 0
      const end = (this.#ranges[2 * commit + 1] ?? 0) - 1
      for (let at = this.#ranges[2 * commit] ?? 0; at < end; at += 1) bits[commit] = (bits[commit] ?? 0) | (bits[this.#parents[at] ?? 0] ?? 0)
    }
  }

  /** 1 for each of these commits, by number, and for all that are parents of theirs. */
  reachedFrom(commits: Iterable<number>): Uint8Array {
    const reached = new Uint8Array(this.limit)
    for (const commit of commits) reached[commit] = 1
    const order = this.inOrder()
    for (let place = order.length - 1; place >= 0; place -= 1) {
      const commit = order[place] ?? 0
      if (reached[commit] === 0) continue
      const end = (this.#ranges[2 * commit + 1] ?? 0) - 1
      for (let at = this.#ranges[2 * commit] ?? 0; at < end; at += 1) reached[this.#parents[at] ?? 0] = 1
    }
    return reached
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

function namesFor(idBytes: number, count: number): ByteStrings {
  return new ByteStrings({ count, bytesOfEach: idBytes, areHashes: true })
}
