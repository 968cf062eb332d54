import { ByteStrings, type PackedStrings } from '../index/byte-strings.ts'
import { type PackedParents, Parents } from './parents.ts'
import { linksOf } from '../../objects/commit.ts'

/**
 * Commits as whoever keeps them has them, parents before children: what they are looked up by, too,
 * so that nothing is to be made of it.
 */
export interface PackedCommits extends PackedParents {
  readonly ids: PackedStrings
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
  readonly #parents: Parents

  /** `cut`: commits whose parents do not count, since a clone was made without them. */
  constructor(
    idBytes: number,
    cut: ReadonlySet<string>,
    ids = namesFor(idBytes, FEW),
    parents = new Parents(),
  ) {
    this.#ids = ids
    this.#idBytes = idBytes
    this.#cut = cut
    this.#parents = parents
  }

  /** From what `pack` gave. */
  static unpack(idBytes: number, { ids, ranges, parents }: PackedCommits): Commits {
    return new Commits(
      idBytes,
      new Set(),
      ByteStrings.unpack(ids, { areHashes: true }),
      Parents.unpack({ ranges, parents }),
    )
  }

  /** All of them, where all are there. */
  pack(): PackedCommits {
    const { limit } = this
    const ordered = this.#parents.isOrdered(limit) ? this : this.#inOrderOfNumbers()
    return { ids: ordered.#ids.pack(), ...ordered.#parents.pack(limit) }
  }

  /** The same, with numbers in which parents are before children. */
  #inOrderOfNumbers(): Commits {
    const ordered = new Commits(this.#idBytes, new Set(), namesFor(this.#idBytes, this.limit))
    const numbers = new Int32Array(this.limit)
    for (const commit of this.inOrder()) {
      numbers[commit] = ordered.numberOf(this.#ids.bytesOf(commit), 0)
      ordered.addParents(
        numbers[commit] ?? 0,
        this.parentsOf(commit).map((parent) => numbers[parent] ?? 0),
      )
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
    const commit = this.numberOf(Buffer.from(id, 'hex'), 0)
    const parents: number[] = []
    for (let at = this.#idBytes; at < links.length; at += this.#idBytes)
      parents.push(this.numberOf(links, at))
    this.addParents(commit, parents)
    return { commit, tree: links.subarray(0, this.#idBytes) }
  }

  /**
   * The number of a commit by the bytes of its name: of one that is there, or may come, or never
   * does.
   */
  numberOf(bytes: Uint8Array, from: number): number {
    return this.#ids.numberOf(bytes, from, from + this.#idBytes)
  }

  /** Takes a commit, of which only the first time matters. */
  addParents(commit: number, parents: readonly number[]): void {
    const isCut = this.#cut.size > 0 && this.#cut.has(this.idOf(commit))
    this.#parents.add(commit, isCut ? [] : parents)
  }

  /** The number of a commit that is there, or undefined. */
  find(id: string): number | undefined {
    const commit = this.#ids.find(Buffer.from(id, 'hex'), 0, id.length / 2)
    return commit >= 0 && this.isThere(commit) ? commit : undefined
  }

  isThere(commit: number): boolean {
    return this.#parents.isThere(commit)
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
    return this.#parents.of(commit)
  }

  /** Has one of the parents the same value? That of each commit stands at its number. */
  isAsParent(commit: number, values: Int32Array): boolean {
    return this.#parents.haveValueOf(commit, values)
  }

  /** All that are there, parents before children. */
  inOrder(): Int32Array {
    return this.#parents.inOrder(this.limit)
  }

  /** Gives each commit what its parents have, and theirs: bits, by number. */
  inherit(bits: Int32Array): void {
    this.#parents.inherit(this.inOrder(), bits)
  }

  /** 1 for each of these commits, by number, and for all that are parents of theirs. */
  reachedFrom(commits: Iterable<number>): Uint8Array {
    const reached = new Uint8Array(this.limit)
    for (const commit of commits) reached[commit] = 1
    this.#parents.reach(this.inOrder(), reached)
    return reached
  }
}

function namesFor(idBytes: number, count: number): ByteStrings {
  return new ByteStrings({ count, bytesOfEach: idBytes, areHashes: true })
}
