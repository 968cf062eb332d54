/** Rebuilds the wanted parts of a history's trees from the log that the reader wrote. */
import { wordAt } from '../../objects/bytes.ts'
import {
  type ByteRange,
  FolderChange,
  forEachLogged,
  PREFIX_BYTES,
  type TreeDiffLog,
} from '../../objects/tree-diff-log.ts'
import { ABSENT, type Trees } from '../history/trees.ts'
import { grown } from '../index/byte-strings.ts'
import { EMPTY_SET } from '../index/entry-sets.ts'
import { prefixAt } from '../index/prefix-set.ts'

/**
 * Whether the record of a tree suffices to rebuild it. `unlogged`: there is no record. `clear`: the
 * record suffices. `unclear`: something that may be wanted changed, so the tree has to be read.
 * `baseless`: the tree has to be read, because its delta base is not logged.
 */
const State = { unlogged: 0, clear: 1, unclear: 2, baseless: 3 } as const

/**
 * Applies the records of trees, each after that of its delta base. `Trees.add` does the same for a
 * tree that is read. Deltas form chains; the root of a chain is the tree that is no delta, and all
 * trees of a chain are versions of one folder.
 */
export class TreeDiffApplier {
  readonly #log: TreeDiffLog
  readonly #trees: Trees
  readonly #states: Uint8Array
  /** By tree: the root of its chain of deltas. */
  readonly #roots: Int32Array
  /** By root: 1 when some version of the folder may lead to a wanted object. */
  readonly #leadingRoots: Uint8Array
  /** Pairs: the root of a chain, and the id number of a folder that a version of it contains. */
  #folders = new Int32Array(1 << 10)
  #foldersEnd = 0
  /** Logged trees. */
  #loggedTrees = new Int32Array(1 << 10)
  #loggedCount = 0
  /** Folders that differ between the current tree and its base. */
  readonly #removed: number[] = []
  readonly #added: number[] = []
  /** By id number of a tree: 1 when the tree may lead to a wanted object. */
  readonly #leadingTrees: Uint8Array

  constructor(log: TreeDiffLog, trees: Trees) {
    this.#log = log
    this.#trees = trees
    this.#states = new Uint8Array(log.limit)
    this.#roots = new Int32Array(log.limit)
    this.#leadingRoots = new Uint8Array(log.limit)
    this.#leadingTrees = new Uint8Array(log.ids.count)
    for (let tree = 0; tree < log.ids.count; tree += 1)
      if (trees.contentOf(tree) !== ABSENT) this.#leadingTrees[tree] = 1
  }

  /** Returns the ids of the trees that have to be read before `apply`. */
  unclearTrees(): readonly string[] {
    const unclear: string[] = []
    forEachLogged(this.#log, (object, record) => {
      if (this.#log.kindOf(object) !== 'tree') return
      this.#addLoggedTree(object)
      const base = this.#log.baseOf(object)
      const root = base < 0 ? object : (this.#roots[base] ?? 0)
      this.#roots[object] = root
      const hasBase =
        base < 0 || this.#states[base] === State.clear || this.#states[base] === State.unclear
      const isClear = !this.#mayChangeWanted(record, root) && hasBase
      this.#states[object] = isClear ? State.clear : hasBase ? State.unclear : State.baseless
      if (isClear) return
      this.#leadingRoots[root] = 1
      unclear.push(this.#trees.ids.bytesOf(this.#log.idNumberOf(object)).toString('hex'))
    })
    return unclear
  }

  #addLoggedTree(object: number): void {
    if (this.#loggedCount === this.#loggedTrees.length)
      this.#loggedTrees = grown(this.#loggedTrees, this.#loggedCount + 1)
    this.#loggedTrees[this.#loggedCount++] = object
  }

  /** Sets the content of all other logged trees, once the unclear trees were read. */
  apply(): void {
    this.#findLeadingRoots()
    const contents = new Int32Array(this.#log.limit)
    forEachLogged(this.#log, (object, record) => {
      const state = this.#states[object] ?? State.unlogged
      const isLeading = this.#leadingRoots[this.#roots[object] ?? 0] === 1
      if (state === State.unlogged || state === State.baseless || !isLeading) return
      const tree = this.#log.idNumberOf(object)
      contents[object] =
        state === State.unclear
          ? this.#trees.contentOf(tree)
          : this.#contentOf(object, contents, record)
      this.#trees.setContent(tree, contents[object] ?? ABSENT)
    })
    if (this.#log.isComplete) this.#trees.setOthersEmpty()
  }

  #contentOf(object: number, contents: Int32Array, record: ByteRange): number {
    const base = this.#log.baseOf(object)
    const content = base < 0 ? EMPTY_SET : (contents[base] ?? ABSENT)
    // The base could not be read.
    if (content === ABSENT) return content
    this.#findChange(record, content)
    return this.#trees.sets.changed(content, this.#removed, this.#added)
  }

  /**
   * Finds the few folders that may lead to a wanted object: versions of folders that contain one,
   * versions of folders that contain these, and so on, and trees without a record.
   */
  #findLeadingRoots(): void {
    if (!this.#log.isComplete) this.#leadingRoots.fill(1)
    do this.#markRootsOfLeadingTrees()
    while (this.#markTreesOfLeadingRoots())
  }

  /** Marks the roots of folders that contain a leading tree. Their pairs are then removed. */
  #markRootsOfLeadingTrees(): void {
    let end = 0
    for (let at = 0; at < this.#foldersEnd; at += 2) {
      const root = this.#folders[at] ?? 0
      const tree = this.#folders[at + 1] ?? 0
      if (this.#leadingTrees[tree] === 1) this.#leadingRoots[root] = 1
      if (this.#leadingRoots[root] === 1) continue
      this.#folders[end] = root
      this.#folders[end + 1] = tree
      end += 2
    }
    this.#foldersEnd = end
  }

  /** Marks the trees of leading roots. Returns false when there were no further ones. */
  #markTreesOfLeadingRoots(): boolean {
    const before = this.#loggedCount
    let count = 0
    for (let at = 0; at < before; at += 1) {
      const tree = this.#loggedTrees[at] ?? 0
      if (this.#leadingRoots[this.#roots[tree] ?? 0] === 1)
        this.#leadingTrees[this.#log.idNumberOf(tree)] = 1
      else this.#loggedTrees[count++] = tree
    }
    this.#loggedCount = count
    return count < before
  }

  /**
   * True when a record contains a change of an object that may be wanted. Also collects the folders
   * of the record, except removed ones.
   */
  #mayChangeWanted({ bytes, from, to }: ByteRange, root: number): boolean {
    let mayChange = false
    for (let at = from; at < to; ) {
      const change = bytes[at] ?? 0
      if (isFolder(change)) {
        // A removed folder has no id number; it is found by its name.
        if (change !== FolderChange.removed && this.#addFolder(root, wordAt(bytes, at + 3)))
          mayChange = true
        at = endOfFolder(bytes, at)
      } else {
        const end = at + 1 + PREFIX_BYTES * change
        for (at += 1; at < end; at += PREFIX_BYTES)
          if (this.#trees.likely.has(prefixAt(bytes, at))) mayChange = true
      }
    }
    return mayChange
  }

  /** Collects a folder. Returns true when the folder itself may be wanted. */
  #addFolder(root: number, tree: number): boolean {
    const at = this.#foldersEnd
    if (at + 2 > this.#folders.length) this.#folders = grown(this.#folders, at + 2)
    this.#folders[at] = root
    this.#folders[at + 1] = tree
    this.#foldersEnd = at + 2
    const { bytes, idBytes } = this.#log.ids
    return this.#trees.folders && this.#trees.likely.has(prefixAt(bytes, tree * idBytes))
  }

  /** Finds the folders that a record adds to its base and removes from it, where they matter. */
  #findChange({ bytes, from, to }: ByteRange, base: number): void {
    this.#removed.length = this.#added.length = 0
    for (let at = from; at < to; ) {
      const change = bytes[at] ?? 0
      if (!isFolder(change)) {
        at += 1 + PREFIX_BYTES * change
        continue
      }
      const tree = wordAt(bytes, at + 3)
      const name = { bytes, from: at + FOLDER_HEADER_BYTES, to: endOfFolder(bytes, at) }
      at = name.to
      if (change !== FolderChange.added) this.#trees.addFoldersNamed(name, base, this.#removed)
      const mayLead = this.#leadingTrees[tree] === 1 || !this.#log.isComplete
      if (change !== FolderChange.removed && mayLead)
        this.#added.push(this.#trees.folderOf(name, tree))
    }
  }
}

function isFolder(change: number): boolean {
  return change === FolderChange.changed || change >= FolderChange.removed
}

/** Bytes before the name of a folder: `00 0300 5a010000`. */
const FOLDER_HEADER_BYTES = 7

function endOfFolder(bytes: Uint8Array, at: number): number {
  return at + FOLDER_HEADER_BYTES + (bytes[at + 1] ?? 0) + ((bytes[at + 2] ?? 0) << 8)
}
