/** The commits of a store by number, with their ids and parents. */
import { commitLinks } from '../../objects/commit.ts'
import { ByteStrings, type PackedStrings } from '../index/byte-strings.ts'
import { type PackedParents, Parents } from './parents.ts'

/** Commits as a cache stores them: parents before children, with the hash table of their ids. */
export interface PackedCommits extends PackedParents {
  readonly ids: PackedStrings
}

/** The number of an added commit, and the id of its tree. */
interface AddedCommit {
  readonly commit: number
  readonly tree: Uint8Array
}

/** Number of commits for which room is reserved at first. */
const INITIAL_COMMITS = 1 << 8

/** The commits of a store and their parents, by number. */
export class Commits {
  readonly #ids: ByteStrings
  readonly #idBytes: number
  /** Commits whose parents do not count: a shallow clone was made without them. */
  readonly #shallow: ReadonlySet<string>
  readonly #parents: Parents

  constructor(
    idBytes: number,
    shallow: ReadonlySet<string>,
    ids = idTable(idBytes, INITIAL_COMMITS),
    parents = new Parents(),
  ) {
    this.#ids = ids
    this.#idBytes = idBytes
    this.#shallow = shallow
    this.#parents = parents
  }

  /** Restores the result of `pack`. */
  static unpack(idBytes: number, { ids, ranges, parents }: PackedCommits): Commits {
    return new Commits(
      idBytes,
      new Set(),
      ByteStrings.unpack(ids, { areHashes: true }),
      Parents.unpack({ ranges, parents }),
    )
  }

  /** Packs all commits. Requires that `isComplete`. */
  pack(): PackedCommits {
    const { limit } = this
    const ordered = this.#parents.isOrdered(limit) ? this : this.#renumbered()
    return { ids: ordered.#ids.pack(), ...ordered.#parents.pack(limit) }
  }

  /** Returns the same commits, numbered so that parents come before children. */
  #renumbered(): Commits {
    const ordered = new Commits(this.#idBytes, new Set(), idTable(this.#idBytes, this.limit))
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

  /** Exclusive upper bound of the numbers of commits. */
  get limit(): number {
    return this.#ids.count
  }

  /** Adds a raw commit. Returns undefined when the object is not a commit. */
  add(id: string, raw: Uint8Array): AddedCommit | undefined {
    const links = commitLinks(raw, this.#idBytes)
    if (links === undefined) return undefined
    const commit = this.numberOf(Buffer.from(id, 'hex'), 0)
    const parents: number[] = []
    for (let at = this.#idBytes; at < links.length; at += this.#idBytes)
      parents.push(this.numberOf(links, at))
    this.addParents(commit, parents)
    return { commit, tree: links.subarray(0, this.#idBytes) }
  }

  /** Returns the number for an id, which is added when it is new. The commit need not be added. */
  numberOf(bytes: Uint8Array, from: number): number {
    return this.#ids.numberOf(bytes, from, from + this.#idBytes)
  }

  /** Adds a commit with its parents, unless it was added already. */
  addParents(commit: number, parents: readonly number[]): void {
    const isShallow = this.#shallow.size > 0 && this.#shallow.has(this.idOf(commit))
    this.#parents.add(commit, isShallow ? [] : parents)
  }

  /** Returns the number of a commit in the store, or undefined. */
  find(id: string): number | undefined {
    const commit = this.#ids.find(Buffer.from(id, 'hex'), 0, id.length / 2)
    return commit >= 0 && this.has(commit) ? commit : undefined
  }

  /** True when the commit is in the store, and does not only occur as a parent. */
  has(commit: number): boolean {
    return this.#parents.has(commit)
  }

  /** True when all parents of commits are in the store. */
  isComplete(): boolean {
    for (let commit = 0; commit < this.limit; commit += 1) if (!this.has(commit)) return false
    return true
  }

  idOf(commit: number): string {
    return this.#ids.bytesOf(commit).toString('hex')
  }

  /** Returns the parents that are in the store. */
  parentsOf(commit: number): readonly number[] {
    return this.#parents.of(commit)
  }

  /** True when a parent has the same value as the commit. `values` holds one value a commit. */
  hasParentWithSame(commit: number, values: Int32Array): boolean {
    return this.#parents.haveValueOf(commit, values)
  }

  /** Returns the commits that are in the store, parents before children. */
  inOrder(): Int32Array {
    return this.#parents.inOrder(this.limit)
  }

  /** Adds to the bits of each commit the bits of all its ancestors. */
  inherit(bits: Int32Array): void {
    this.#parents.inherit(this.inOrder(), bits)
  }

  /** Returns an array by commit number: 1 for these commits and for their ancestors. */
  reachedFrom(commits: Iterable<number>): Uint8Array {
    const reached = new Uint8Array(this.limit)
    for (const commit of commits) reached[commit] = 1
    this.#parents.markAncestors(this.inOrder(), reached)
    return reached
  }
}

function idTable(idBytes: number, count: number): ByteStrings {
  return new ByteStrings({ count, bytesOfEach: idBytes, areHashes: true })
}
