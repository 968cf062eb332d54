import {
  type ByteRange,
  forEachLogged,
  type TreeDiffLog,
  PREFIX_BYTES,
  FolderChange,
  wordAt,
} from '../../objects/tree-diff-log.ts'
import { grown } from '../index/byte-strings.ts'
import { NOTHING } from '../index/entry-sets.ts'
import { prefixAt } from '../index/prefix-set.ts'
import { ABSENT, type Trees } from '../history/trees.ts'

/**
 * What was noted of a tree: nothing; all; what differs, but not what that is; no more than where it
 * leads, since of what it is based on nothing was.
 */
const State = { none: 0, known: 1, unclear: 2, alone: 3 } as const

/**
 * Takes what was noted of trees, each after what it is based on. Twin: `Trees.add`, by which each
 * is read.
 */
export class TreeDiffApplier {
  readonly #noted: TreeDiffLog
  readonly #trees: Trees
  readonly #states: Uint8Array
  /**
   * What a tree is based on in the end, and whether some version of that may lead to a wanted
   * object.
   */
  readonly #roots: Int32Array
  readonly #leading: Uint8Array
  /** Which of those each folder is in, and the number of its tree's name. */
  #folders = new Int32Array(1 << 10)
  #end = 0
  /** Of which trees something was noted. */
  #notedTrees = new Int32Array(1 << 10)
  #count = 0
  /** What tells the tree that is looked at from what it is based on. */
  readonly #gone: number[] = []
  readonly #come: number[] = []
  /** By the number of a tree's name: may it lead to a wanted object? */
  readonly #leads: Uint8Array

  constructor(noted: TreeDiffLog, trees: Trees) {
    this.#noted = noted
    this.#trees = trees
    this.#states = new Uint8Array(noted.limit)
    this.#roots = new Int32Array(noted.limit)
    this.#leading = new Uint8Array(noted.limit)
    this.#leads = new Uint8Array(noted.ids.count)
    for (let tree = 0; tree < noted.ids.count; tree += 1)
      if (trees.contentOf(tree) !== ABSENT) this.#leads[tree] = 1
  }

  /**
   * Names of trees that have to be read: something that may be wanted came or went, or what they
   * are based on was not noted.
   */
  unclear(): readonly string[] {
    const unclear: string[] = []
    forEachLogged(this.#noted, (object, noted) => {
      if (this.#noted.kindOf(object) !== 'tree') return
      if (this.#count === this.#notedTrees.length)
        this.#notedTrees = grown(this.#notedTrees, this.#count + 1)
      this.#notedTrees[this.#count++] = object
      const base = this.#noted.baseOf(object)
      const root = base < 0 ? object : (this.#roots[base] ?? 0)
      this.#roots[object] = root
      const isBased =
        base < 0 || this.#states[base] === State.known || this.#states[base] === State.unclear
      const isClear = !this.#mayHaveWanted(noted, root) && isBased
      this.#states[object] = isClear ? State.known : isBased ? State.unclear : State.alone
      if (isClear) return
      this.#leading[root] = 1
      unclear.push(this.#trees.ids.bytesOf(this.#noted.idNumberOf(object)).toString('hex'))
    })
    return unclear
  }

  /** Gives all others what they hold, when those that are unclear were read. */
  takeTrees(): void {
    this.#findLeading()
    const contents = new Int32Array(this.#noted.limit)
    forEachLogged(this.#noted, (object, noted) => {
      const state = this.#states[object] ?? State.none
      const isLeading = this.#leading[this.#roots[object] ?? 0] === 1
      if (state === State.none || state === State.alone || !isLeading) return
      const tree = this.#noted.idNumberOf(object)
      contents[object] =
        state === State.unclear
          ? this.#trees.contentOf(tree)
          : this.#contentOf(object, contents, noted)
      this.#trees.give(tree, contents[object] ?? ABSENT)
    })
    if (this.#noted.isComplete) this.#trees.closeWithNothing()
  }

  #contentOf(object: number, contents: Int32Array, noted: ByteRange): number {
    const base = this.#noted.baseOf(object)
    const set = base < 0 ? NOTHING : (contents[base] ?? ABSENT)
    // What it is based on could not be read.
    if (set === ABSENT) return set
    this.#findChange(noted, set)
    return this.#trees.sets.changed(set, this.#gone, this.#come)
  }

  /**
   * Nearly no folder leads to a wanted object. Those that may are versions of what holds one, then
   * versions of what holds these, and so on, and trees of which nothing was noted.
   */
  #findLeading(): void {
    if (!this.#noted.isComplete) this.#leading.fill(1)
    do this.#followFolders()
    while (this.#addLeading())
  }

  /**
   * Versions of what has a folder that may lead to something do so, too; their folders need not be
   * asked about again.
   */
  #followFolders(): void {
    let left = 0
    for (let at = 0; at < this.#end; at += 2) {
      const root = this.#folders[at] ?? 0
      const tree = this.#folders[at + 1] ?? 0
      if (this.#leads[tree] === 1) this.#leading[root] = 1
      if (this.#leading[root] === 1) continue
      this.#folders[left] = root
      this.#folders[left + 1] = tree
      left += 2
    }
    this.#end = left
  }

  /** Adds trees that turned out to lead to something. Were there any? */
  #addLeading(): boolean {
    const before = this.#count
    let left = 0
    for (let at = 0; at < before; at += 1) {
      const tree = this.#notedTrees[at] ?? 0
      if (this.#leading[this.#roots[tree] ?? 0] === 1) this.#leads[this.#noted.idNumberOf(tree)] = 1
      else this.#notedTrees[left++] = tree
    }
    this.#count = left
    return left < before
  }

  /** Notes each folder that is not gone besides. */
  #mayHaveWanted({ bytes, from, to }: ByteRange, root: number): boolean {
    let may = false
    for (let at = from; at < to; ) {
      const sign = bytes[at] ?? 0
      if (isFolder(sign)) {
        // What is gone is known by its name.
        if (sign !== FolderChange.removed && this.#noteFolder(root, wordAt(bytes, at + 3)))
          may = true
        at = endOfFolder(bytes, at)
      } else {
        const end = at + 1 + PREFIX_BYTES * sign
        for (at += 1; at < end; at += PREFIX_BYTES)
          if (this.#trees.likely.has(prefixAt(bytes, at))) may = true
      }
    }
    return may
  }

  /** May it be wanted itself? */
  #noteFolder(root: number, tree: number): boolean {
    if (this.#end + 2 > this.#folders.length) this.#folders = grown(this.#folders, this.#end + 2)
    this.#folders[this.#end] = root
    this.#folders[this.#end + 1] = tree
    this.#end += 2
    const { bytes, idBytes } = this.#noted.ids
    return this.#trees.folders && this.#trees.likely.has(prefixAt(bytes, tree * idBytes))
  }

  /** What tells a tree from one that holds `set`, as far as it may lead to something wanted. */
  #findChange({ bytes, from, to }: ByteRange, set: number): void {
    this.#gone.length = this.#come.length = 0
    for (let at = from; at < to; ) {
      const sign = bytes[at] ?? 0
      if (!isFolder(sign)) {
        at += 1 + PREFIX_BYTES * sign
        continue
      }
      const tree = wordAt(bytes, at + 3)
      const name = { bytes, from: at + 7, to: endOfFolder(bytes, at) }
      at = name.to
      if (sign !== FolderChange.added) this.#trees.addFoldersNamed(name, set, this.#gone)
      if (sign !== FolderChange.removed && (this.#leads[tree] === 1 || !this.#noted.isComplete))
        this.#come.push(this.#trees.folderOf(name, tree))
    }
  }
}

function isFolder(sign: number): boolean {
  return sign === FolderChange.changed || sign >= FolderChange.removed
}

/** `00 0300 5a010000 src` */
function endOfFolder(bytes: Uint8Array, at: number): number {
  return at + 7 + (bytes[at + 1] ?? 0) + ((bytes[at + 2] ?? 0) << 8)
}
