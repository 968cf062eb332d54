/** Finds the entries of a raw tree that may lead to a wanted object. */
import { TreeCursor } from '../../objects/tree.ts'
import { instantiate, type WasmInstance } from '../../wasm/instantiate.ts'
import type { ByteStrings } from '../index/byte-strings.ts'
import { type PrefixSet, prefixAt } from '../index/prefix-set.ts'

const DIGIT_1 = 0x31

/**
 * Calls `onEntry` for each entry of a raw tree that is a folder or whose object may be wanted.
 * Returns the offset of the first incomplete entry, or -1 when the tree is malformed.
 */
export function scanTree(
  bytes: Uint8Array,
  idBytes: number,
  wanted: PrefixSet,
  onEntry: (entry: TreeCursor) => void,
): number {
  const cursor = new TreeCursor(bytes, idBytes)
  while (cursor.next()) {
    // The modes of files, symbolic links and submodules begin with 1.
    const isFolder = bytes[cursor.modeStart] !== DIGIT_1
    if (isFolder || wanted.has(prefixAt(bytes, cursor.nameEnd + 1))) onEntry(cursor)
  }
  return cursor.isMalformed ? -1 : cursor.end
}

/** Larger trees are left to `scanTree`. */
const MAX_TREE_BYTES = 32 << 20
/** The loop reads up to this many bytes behind a tree. */
const PADDING_BYTES = 16

interface FolderScanResult {
  /** The return value of `scanTree`. */
  readonly end: number
  /**
   * For each entry that may lead to a wanted object: the number that `number` gave it, or the
   * complement of the entry's offset. Valid until the next scan.
   */
  readonly entries: Int32Array
}

/**
 * `scanTree` in WebAssembly (assembly/tree-scan.ts). It remembers folders by number, since most
 * folders of a tree are also in another version of the tree.
 */
export class FolderScan {
  readonly #instance: WasmInstance
  readonly #idBytes: number
  /** Offset in memory at which trees are placed. */
  readonly #start: number
  /** Offset behind the last tree. */
  #end = 0

  /** Returns undefined when WebAssembly is not available. */
  static for(wanted: ByteStrings, idBytes: number): FolderScan | undefined {
    const instance = instantiate()
    if (instance === undefined) return undefined
    for (let number = 0; number < wanted.count; number += 1)
      instance.loops.addWantedPrefix(wanted.bytesOf(number).readUIntBE(0, 3))
    return new FolderScan(instance, idBytes)
  }

  private constructor(instance: WasmInstance, idBytes: number) {
    this.#instance = instance
    this.#idBytes = idBytes
    this.#start = instance.loops.firstFree()
  }

  /** Scans a tree. Returns undefined for a tree that only `scanTree` can scan. */
  scan(bytes: Uint8Array): FolderScanResult | undefined {
    const { loops, memory, reserve } = this.#instance
    this.#end = this.#start + bytes.length
    const maxEnd = this.#start + MAX_TREE_BYTES + PADDING_BYTES
    if (bytes.length > MAX_TREE_BYTES || !reserve(this.#end + PADDING_BYTES, maxEnd))
      return undefined
    memory().set(bytes, this.#start)
    const end = loops.scanTree(this.#start, this.#end, this.#idBytes)
    if (end < -1) return undefined
    const entries = new Int32Array(memory().buffer, loops.scannedEntries(), loops.scannedCount())
    return { end, entries }
  }

  /** Gives a number to a folder of the last tree, by the offset of the folder's entry. */
  number(at: number, entry: number): void {
    this.#instance.loops.numberFolder(this.#start + at, this.#end, this.#idBytes, entry)
  }
}
