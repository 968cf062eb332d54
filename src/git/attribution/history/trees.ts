import type { ByteRange, ObjectIdTable } from '../../objects/tree-diff-log.ts'
import type { GitObject } from '../../objects/objects.ts'
import { ByteStrings, grown } from '../index/byte-strings.ts'
import { CONTENT, Entries, FOLDER, kindOf } from './entries.ts'
import { EntrySets, NOTHING } from '../index/entry-sets.ts'
import { FolderScan } from './folder-scan.ts'
import { ObjectIds } from '../index/object-ids.ts'
import { PrefixSet } from '../index/prefix-set.ts'
import { scanTree } from './tree-scan.ts'

/** An entry that is longer belongs to no tree that git would write. */
const MAX_ENTRY_BYTES = 1 << 16

const SPACE = 0x20
const NO_BYTES = new Uint8Array()

/** The tree is not there. */
export const ABSENT = -1

/**
 * What a store's trees hold: the wanted objects, and the folders that may lead to some. All else is
 * passed by.
 */
export class Trees {
  readonly entries = new Entries()
  readonly sets = new EntrySets((entry) => this.entries.nameOf(entry))
  readonly names = new ByteStrings()
  readonly ids: ObjectIds
  readonly idBytes: number
  readonly #name: Buffer
  readonly #wanted: ByteStrings
  /** Wanted objects may be folders. */
  readonly folders: boolean
  /** What is wanted, or may be. */
  readonly likely: PrefixSet
  readonly #fast: FolderScan | undefined
  /** What others hold than those that were given. */
  #others = ABSENT
  #content = new Int32Array(1 << 8).fill(ABSENT)
  #found = new Int32Array(1 << 8)
  #count = 0
  /** Of a tree that comes in pieces: how much of it came, and the beginning of an entry. */
  #covered = 0
  #rest: Uint8Array = NO_BYTES
  #malformed = false

  /** `names`: those that have numbers already. */
  constructor(
    idBytes: number,
    wanted: ByteStrings,
    folders: boolean,
    names: ObjectIdTable | undefined,
  ) {
    this.idBytes = idBytes
    this.ids = new ObjectIds(idBytes, names)
    this.#name = Buffer.alloc(idBytes)
    this.#wanted = wanted
    this.folders = folders
    this.likely = PrefixSet.of(wanted)
    this.#fast = FolderScan.for(wanted, idBytes)
  }

  /** What the tree with this number holds, as a set of entries; ABSENT when nobody gave it. */
  contentOf(tree: number): number {
    const content = this.#content[tree] ?? ABSENT
    return content === ABSENT ? this.#others : content
  }

  /** All that nobody gave is there, and leads to nothing that is wanted. */
  closeWithNothing(): void {
    this.#others = NOTHING
  }

  /**
   * Takes a tree, or the next piece of one. False when it ends and was none: what stands before
   * that counts.
   */
  add({ id, start, bytes, last }: GitObject): boolean {
    if (start === 0) this.#begin()
    const more = bytes.subarray(this.#covered - start)
    this.#covered = start + bytes.length
    if (!this.#malformed)
      this.#scan(this.#rest.length === 0 ? more : Buffer.concat([this.#rest, more]))
    if (!last) return true
    this.#name.write(id, 'hex')
    const tree = this.ids.numberOf(this.#name, 0)
    this.give(tree, this.sets.of(this.#found, this.#count))
    return !this.#malformed && this.#rest.length === 0
  }

  /** The number of a folder's entry: its name, and the number of its tree. */
  folderOf(name: ByteRange, tree: number): number {
    return this.entries.numberOf(this.names.numberOf(name.bytes, name.from, name.to), CONTENT, tree)
  }

  /** Adds the folder of this name that a set holds, which may be a wanted one besides. */
  addFoldersNamed({ bytes, from, to }: ByteRange, set: number, into: number[]): void {
    const name = this.names.find(bytes, from, to)
    if (name < 0) return
    const content = this.sets.find(set, name, (entry) => this.entries.kindOf(entry) === CONTENT)
    if (content >= 0) into.push(content)
    const wanted = this.folders
      ? this.sets.find(set, name, (entry) => this.entries.kindOf(entry) === FOLDER)
      : -1
    if (wanted >= 0) into.push(wanted)
  }

  /** Says what a tree holds, by number. */
  give(tree: number, content: number): void {
    if (tree >= this.#content.length) this.#content = grown(this.#content, tree + 1, ABSENT)
    this.#content[tree] = content
  }

  #begin(): void {
    this.#count = 0
    this.#covered = 0
    this.#rest = NO_BYTES
    this.#malformed = false
  }

  #scan(bytes: Uint8Array): void {
    const end =
      this.#scanFast(bytes) ??
      scanTree(
        bytes,
        this.idBytes,
        this.likely,
        (mode, name, nul) => void this.#keep(bytes, mode, name, nul),
      )
    if (end < 0 || bytes.length - end > MAX_ENTRY_BYTES) this.#malformed = true
    else if (end < bytes.length) this.#rest = Uint8Array.from(bytes.subarray(end))
    else this.#rest = NO_BYTES
  }

  #scanFast(bytes: Uint8Array): number | undefined {
    const noted = this.#fast?.scan(bytes)
    for (const entry of noted?.entries ?? []) {
      if (entry >= 0) {
        this.#note(entry)
        continue
      }
      const mode = ~entry
      const name = bytes.indexOf(SPACE, mode) + 1
      const folder = this.#keep(bytes, mode, name, bytes.indexOf(0, name))
      if (folder !== undefined) this.#fast?.number(mode, folder)
    }
    return noted?.end
  }

  /** Gives the number of a folder that is kept. */
  #keep(bytes: Uint8Array, mode: number, name: number, nul: number): number | undefined {
    const kind = kindOf(octal(bytes, mode, name - 1))
    const id = nul + 1
    const wanted =
      kind !== FOLDER || this.folders ? this.#wanted.find(bytes, id, id + this.idBytes) : -1
    if (wanted >= 0)
      this.#note(this.entries.numberOf(this.names.numberOf(bytes, name, nul), kind, wanted))
    if (kind !== FOLDER) return undefined
    const folder = this.folderOf({ bytes, from: name, to: nul }, this.ids.numberOf(bytes, id))
    this.#note(folder)
    return folder
  }

  #note(entry: number): void {
    if (this.#count === this.#found.length) this.#found = grown(this.#found, this.#count + 1)
    this.#found[this.#count] = entry
    this.#count += 1
  }
}

function octal(bytes: Uint8Array, from: number, to: number): number {
  let mode = 0
  for (let at = from; at < to; at += 1) mode = mode * 8 + (bytes[at] ?? 0) - 0x30
  return mode
}
