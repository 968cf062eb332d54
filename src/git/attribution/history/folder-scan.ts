import { instantiate, type WasmInstance } from '../../wasm/instantiate.ts'
import type { ByteStrings } from '../index/byte-strings.ts'

/** Larger trees are left to the twin. */
const MAX_BYTES = 32 << 20
/** So many bytes behind a tree are read. */
const SLACK = 16

interface Noted {
  /** As `scanTree` has it. */
  readonly end: number
  /**
   * Of each entry that may lead to a wanted object the number it was given, or the complement of
   * where it begins. Until the next tree.
   */
  readonly entries: Int32Array
}

/**
 * What `scanTree` does, in WebAssembly (assembly/tree-scan.ts), with a memory for folders: most of a
 * tree's are those of another version of it.
 */
export class FolderScan {
  readonly #instance: WasmInstance
  readonly #idBytes: number
  readonly #room: number
  #end = 0

  /** Undefined where there is no WebAssembly. */
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
    this.#room = instance.loops.firstFree()
  }

  /** Undefined where it takes its twin. */
  scan(bytes: Uint8Array): Noted | undefined {
    const { loops, memory, reserve } = this.#instance
    this.#end = this.#room + bytes.length
    if (bytes.length > MAX_BYTES || !reserve(this.#end + SLACK, this.#room + MAX_BYTES + SLACK))
      return undefined
    memory().set(bytes, this.#room)
    const end = loops.scanTree(this.#room, this.#end, this.#idBytes)
    return end < -1
      ? undefined
      : {
          end,
          entries: new Int32Array(memory().buffer, loops.scannedEntries(), loops.scannedCount()),
        }
  }

  /** Gives a folder of the last tree a number, by where its entry begins. */
  number(at: number, entry: number): void {
    this.#instance.loops.numberFolder(this.#room + at, this.#end, this.#idBytes, entry)
  }
}
