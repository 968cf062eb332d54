/** The part of a history's trees that may lead to wanted objects. */
import type { GitObject } from '../../objects/objects.ts'
import { TreeCursor } from '../../objects/tree.ts'
import type { ByteRange, ObjectIdTable } from '../../objects/tree-diff-log.ts'
import { ByteStrings, grown } from '../index/byte-strings.ts'
import { EMPTY_SET, EntrySets } from '../index/entry-sets.ts'
import { ObjectIds } from '../index/object-ids.ts'
import { PrefixSet } from '../index/prefix-set.ts'
import { CONTENT, Entries, FOLDER, kindOf } from './entries.ts'
import { FolderScan, scanTree } from './folder-scan.ts'

/** Git writes no tree with a longer entry. */
const MAX_ENTRY_BYTES = 1 << 16

const NO_BYTES = new Uint8Array()

/** The content of a tree that is not in the store. */
export const ABSENT = -1

/**
 * The trees of a store as sets of entries: the wanted objects, and the folders that may lead to
 * some. All other entries are left out.
 */
export class Trees {
  readonly entries = new Entries()
  readonly sets = new EntrySets((entry) => this.entries.nameOf(entry))
  readonly names = new ByteStrings()
  readonly ids: ObjectIds
  readonly idBytes: number
  readonly #id: Buffer
  readonly #wanted: ByteStrings
  /** True when wanted objects may be folders. */
  readonly folders: boolean
  /** Prefixes of the ids of wanted objects. */
  readonly likely: PrefixSet
  readonly #wasmScan: FolderScan | undefined
  /** The content of every tree whose content was not set. */
  #defaultContent = ABSENT
  /** The content of each tree, by the number of its id. */
  #contents = new Int32Array(1 << 8).fill(ABSENT)
  /** Entries of the current tree. */
  #found = new Int32Array(1 << 8)
  #count = 0
  /** Number of bytes of the current tree that were scanned, in windows. */
  #covered = 0
  /** The incomplete entry at the end of the last window. */
  #rest: Uint8Array = NO_BYTES
  #isMalformed = false

  /** `table`: ids that have numbers already. */
  constructor(
    idBytes: number,
    wanted: ByteStrings,
    folders: boolean,
    table: ObjectIdTable | undefined,
  ) {
    this.idBytes = idBytes
    this.ids = new ObjectIds(idBytes, table)
    this.#id = Buffer.alloc(idBytes)
    this.#wanted = wanted
    this.folders = folders
    this.likely = PrefixSet.of(wanted)
    this.#wasmScan = FolderScan.for(wanted, idBytes)
  }

  /** Returns the content of a tree, by the number of its id, as a set of entries, or ABSENT. */
  contentOf(tree: number): number {
    const content = this.#contents[tree] ?? ABSENT
    return content === ABSENT ? this.#defaultContent : content
  }

  /** Declares that all other trees exist and lead to no wanted object. */
  setOthersEmpty(): void {
    this.#defaultContent = EMPTY_SET
  }

  /**
   * Adds a tree, or the next window of one. Returns false at the end of a malformed tree, whose
   * entries before the malformed one count.
   */
  add({ id, start, bytes, last }: GitObject): boolean {
    if (start === 0) this.#begin()
    const fresh = bytes.subarray(this.#covered - start)
    this.#covered = start + bytes.length
    if (!this.#isMalformed)
      this.#scan(this.#rest.length === 0 ? fresh : Buffer.concat([this.#rest, fresh]))
    if (!last) return true
    this.#id.write(id, 'hex')
    const tree = this.ids.numberOf(this.#id, 0)
    this.setContent(tree, this.sets.of(this.#found, this.#count))
    return !this.#isMalformed && this.#rest.length === 0
  }

  /** Returns the number of a folder's entry, by the folder's name and the number of its tree. */
  folderOf(name: ByteRange, tree: number): number {
    return this.entries.numberOf(this.names.numberOf(name.bytes, name.from, name.to), CONTENT, tree)
  }

  /** Adds to `target` the entries of a set for the folder of this name. */
  addFoldersNamed({ bytes, from, to }: ByteRange, set: number, target: number[]): void {
    const name = this.names.find(bytes, from, to)
    if (name < 0) return
    const content = this.sets.find(set, name, (entry) => this.entries.kindOf(entry) === CONTENT)
    if (content >= 0) target.push(content)
    if (!this.folders) return
    const wanted = this.sets.find(set, name, (entry) => this.entries.kindOf(entry) === FOLDER)
    if (wanted >= 0) target.push(wanted)
  }

  /** Sets the content of a tree, by the number of its id. */
  setContent(tree: number, content: number): void {
    if (tree >= this.#contents.length) this.#contents = grown(this.#contents, tree + 1, ABSENT)
    this.#contents[tree] = content
  }

  #begin(): void {
    this.#count = 0
    this.#covered = 0
    this.#rest = NO_BYTES
    this.#isMalformed = false
  }

  #scan(bytes: Uint8Array): void {
    const end =
      this.#scanWithWasm(bytes) ??
      scanTree(bytes, this.idBytes, this.likely, (entry) => void this.#addEntry(bytes, entry))
    if (end < 0 || bytes.length - end > MAX_ENTRY_BYTES) this.#isMalformed = true
    else if (end < bytes.length) this.#rest = Uint8Array.from(bytes.subarray(end))
    else this.#rest = NO_BYTES
  }

  #scanWithWasm(bytes: Uint8Array): number | undefined {
    const result = this.#wasmScan?.scan(bytes)
    for (const entry of result?.entries ?? []) {
      if (entry >= 0) {
        this.#push(entry)
        continue
      }
      const cursor = new TreeCursor(bytes, this.idBytes, ~entry)
      if (!cursor.next()) continue
      const folder = this.#addEntry(bytes, cursor)
      if (folder !== undefined) this.#wasmScan?.number(cursor.modeStart, folder)
    }
    return result?.end
  }

  /** Adds an entry that is wanted or a folder. Returns the number of a folder's entry. */
  #addEntry(bytes: Uint8Array, { mode, nameStart, nameEnd }: TreeCursor): number | undefined {
    const kind = kindOf(mode)
    const id = nameEnd + 1
    const wanted =
      kind !== FOLDER || this.folders ? this.#wanted.find(bytes, id, id + this.idBytes) : -1
    if (wanted >= 0) {
      const name = this.names.numberOf(bytes, nameStart, nameEnd)
      this.#push(this.entries.numberOf(name, kind, wanted))
    }
    if (kind !== FOLDER) return undefined
    const name = { bytes, from: nameStart, to: nameEnd }
    const folder = this.folderOf(name, this.ids.numberOf(bytes, id))
    this.#push(folder)
    return folder
  }

  #push(entry: number): void {
    if (this.#count === this.#found.length) this.#found = grown(this.#found, this.#count + 1)
    this.#found[this.#count] = entry
    this.#count += 1
  }
}
