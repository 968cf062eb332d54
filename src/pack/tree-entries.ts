import type { WasmInstance } from '../wasm/instantiate.ts'

/** Offsets in what was looked at. */
interface Seen {
  /** Of names of objects that were not seen lately. */
  readonly links: Uint32Array
  /** Of bytes that may be marks. */
  readonly marks: Uint32Array
}

/** The entries of trees, looked at in WebAssembly (assembly/tree.ts) where they stand. */
export class TreeEntries {
  readonly #instance: WasmInstance
  readonly #idBytes: number

  /** Each of the marks has three bytes or more. Entries with the same name and object are given once, or a few times. */
  constructor(instance: WasmInstance, idBytes: number, marks: readonly string[]) {
    this.#instance = instance
    this.#idBytes = idBytes
    instance.loops.forget()
    for (const mark of marks) instance.loops.learnMark(mark.charCodeAt(0) | (mark.charCodeAt(1) << 8) | (mark.charCodeAt(2) << 16))
  }

  /** What is in a tree, or in what a dirty stream has of it, until the next one; undefined for bytes elsewhere, and where it takes a closer look. */
  of(bytes: Uint8Array, whole: boolean): Seen | undefined {
    const { loops, memory } = this.#instance
    const { buffer } = memory()
    if (bytes.buffer !== buffer) return undefined
    const links = loops.entries(bytes.byteOffset, bytes.byteOffset + bytes.length, this.#idBytes, whole)
    if (links < 0) return undefined
    return { links: new Uint32Array(buffer, loops.linkPlaces(), links), marks: new Uint32Array(buffer, loops.markPlaces(), loops.markCount()) }
  }
}
