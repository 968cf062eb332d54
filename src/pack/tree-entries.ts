import type { WasmInstance } from '../wasm/instantiate.ts'

/** From one name of a header to the next. */
const HEADER_STEP = 32

/** Offsets in what was looked at. None of them is given a second time for a while. */
interface Seen {
  /** Of names of objects that were not seen lately. */
  readonly links: Uint32Array
  /** Of bytes that may be marks. */
  readonly marks: Uint32Array
  /** False where it stopped at something that takes a closer look. */
  readonly all: boolean
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

  /** What is in a tree, or in what a dirty stream of some reach has of it, until the next one; undefined for bytes elsewhere. */
  of(bytes: Uint8Array, reach: number | 'whole', links = this.#look(bytes, reach)): Seen | undefined {
    if (links === undefined) return undefined
    const { loops, memory } = this.#instance
    const { buffer } = memory()
    return {
      links: new Uint32Array(buffer, loops.linkPlaces(), links < 0 ? ~links : links),
      marks: new Uint32Array(buffer, loops.markPlaces(), loops.markCount()),
      all: links >= 0,
    }
  }

  /** Names that assembly/headers.ts found in the last commit or tag: where the first is, and from each to the next. */
  get header(): { readonly bytes: Uint8Array; readonly from: number; readonly step: number } {
    return { bytes: this.#instance.memory(), from: this.#instance.loops.headerIds(), step: HEADER_STEP }
  }

  #look(bytes: Uint8Array, reach: number | 'whole'): number | undefined {
    const { loops, memory } = this.#instance
    if (bytes.buffer !== memory().buffer) return undefined
    return loops.entries(bytes.byteOffset, bytes.byteOffset + bytes.length, this.#idBytes, reach === 'whole' ? 0 : reach)
  }
}
