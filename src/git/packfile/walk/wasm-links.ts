import type { WasmInstance } from '../../wasm/instantiate.ts'

/** From one name of a header to the next. */
const HEADER_STEP = 32

/** What assembly/links.ts noted of the object that it asks about, until the next one. */
export class WasmLinks {
  readonly #instance: WasmInstance

  /**
   * Each of the marks has three bytes or more. Entries with the same name and object are given
   * once, or a few times.
   */
  constructor(instance: WasmInstance, marks: readonly string[]) {
    this.#instance = instance
    instance.loops.forgetRecent()
    for (const mark of marks)
      instance.loops.addNameFragment(
        mark.charCodeAt(0) | (mark.charCodeAt(1) << 8) | (mark.charCodeAt(2) << 16),
      )
  }

  /**
   * Offsets in a tree: of so many names of objects that are in no pack, and of bytes in names that
   * may be marks.
   */
  inTree(links: number): { readonly links: Uint32Array; readonly marks: Uint32Array } {
    const { loops, memory } = this.#instance
    const { buffer } = memory()
    return {
      links: new Uint32Array(buffer, loops.linkOffsets(), links),
      marks: new Uint32Array(buffer, loops.fragmentOffsets(), loops.fragmentCount()),
    }
  }

  /** Names in a commit or a tag: where the first is, and from each to the next. */
  get inHeader(): { readonly bytes: Uint8Array; readonly from: number; readonly step: number } {
    return {
      bytes: this.#instance.memory(),
      from: this.#instance.loops.headerIds(),
      step: HEADER_STEP,
    }
  }
}
