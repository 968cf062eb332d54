import type { ObjectKind } from '../model.ts'
import type { WasmInstance } from '../wasm/instantiate.ts'
import type { PlanLoops } from '../wasm/plan-loops.ts'
import { linksOfHeader } from './header-links.ts'
import { CUT, DIGIT_6, entryEnd, gapIn, isEntry, isGap, modeEnd, NO_ENTRY, wordAt } from './entry-bytes.ts'
import { GAP } from './kernel.ts'
import { TreeEntries } from './tree-entries.ts'

/** Which objects there are, by the bytes of their names. */
export interface Known {
  readonly idBytes: number
  /** Where the object with the name at `at` is. */
  whereIs(bytes: Uint8Array, at: number): 'pack' | 'loose' | undefined
  /** Gives the number of a name, by its words; numbers below `packed` are those of objects in packs. For WebAssembly, if names are where that finds them. */
  readonly table?: { readonly find: PlanLoops['find']; readonly packed: number } | undefined
}

interface Followed {
  /** Where in a tree marks may stand, each for the first time in a while; undefined if nobody has looked for them. */
  readonly marks: Iterable<number> | undefined
  /** Was what it saw too little to tell? With the reach of the longest entry it never is. */
  readonly farther: boolean
}

/** An entry of a tree with the longest name that a file system has, and a SHA-256 name. A longer one may be new where it is cut. */
export const LONGEST_ENTRY_BYTES = 320

/** Names seen lately: most entries of a tree were in the version before. */
const LATELY = 1 << 14

/**
 * Checks that all that objects refer to is there. It may say no where that is so, since a part of a tree can be misread,
 * but never yes where it is not: then git is asked, who walks.
 */
export class LinkCheck {
  readonly known: Known
  readonly #id: Uint8Array
  #entries: TreeEntries | undefined
  /** As words of four bytes, each name in the place that its first word says. */
  readonly #lately: Int32Array
  readonly #outside = new Set<string>()
  #linked = true

  constructor(known: Known) {
    this.known = known
    this.#id = new Uint8Array(known.idBytes)
    this.#lately = new Int32Array((LATELY * known.idBytes) / 4)
  }

  /** Lets it look at trees where they stand that lie in the memory of this instance, and at their names as well, for marks that are looked for. */
  settleIn(instance: WasmInstance, marks: readonly string[]): void {
    this.#entries = new TreeEntries(instance, this.known.idBytes, marks)
  }

  /** Names of objects in no pack that were referred to since this was asked last. */
  takeOutside(): readonly string[] {
    const outside = [...this.#outside]
    this.#outside.clear()
    return outside
  }

  /** Was everything found since this was asked last? */
  takeLinked(): boolean {
    const linked = this.#linked
    this.#linked = true
    return linked
  }

  /** Looks at a whole object, or at what a dirty stream of some reach has of it; `links`: what assembly/tree.ts or assembly/headers.ts gave for it, if one was asked. */
  follow(bytes: Uint8Array, kind: ObjectKind, { reach = 'whole', links }: { readonly reach?: number | 'whole'; readonly links?: number | undefined } = {}): Followed {
    if (kind === 'blob') return { marks: [], farther: false }
    const seen = kind === 'tree' ? this.#entries?.of(bytes, reach, links) : undefined
    if (seen !== undefined) this.#check(bytes, seen.links)
    if (seen?.all === true) return { marks: seen.marks, farther: false }
    if (reach !== 'whole' && reach < LONGEST_ENTRY_BYTES) return { marks: seen?.marks ?? [], farther: true }
    if (kind === 'tree') this.#followTree(bytes, reach === 'whole')
    else this.#followHeader(bytes, links)
    return { marks: undefined, farther: false }
  }

  /** Are there objects whose names stand at some places? */
  #check(bytes: Uint8Array, places: Iterable<number>): void {
    for (const at of places) if (!this.#isKnown(bytes, at)) this.#linked = false
  }

  #followHeader(bytes: Uint8Array, links = -1): void {
    const header = links < 0 ? undefined : this.#entries?.header
    if (header === undefined) this.#linked = linksOfHeader(bytes, this.#id, () => this.#isKnown(this.#id, 0)) && this.#linked
    else for (let at = 0; at < links; at += 1) if (!this.#isKnown(header.bytes, header.from + header.step * at)) this.#linked = false
  }

  /** Twin of assembly/tree.ts: `100644 .env\0` and 20 bytes, again and again. Where something was left out of a tree, the entry that is cut there was in the version before. */
  #followTree(bytes: Uint8Array, whole: boolean): void {
    for (let at = 0; at < bytes.length; ) {
      const end = entryEnd(bytes, at, this.known.idBytes)
      const link = this.#linkOf(bytes, at, end)
      if (link === 'lost' || (link === 'cut' && whole)) this.#linked = false
      if (end === NO_ENTRY && whole) return
      at = end > 0 && link !== 'cut' ? end : this.#behindCut(bytes, at)
    }
  }

  #linkOf(bytes: Uint8Array, at: number, end: number): 'known' | 'foreign' | 'cut' | 'lost' {
    if (end < 0) return end === CUT ? 'cut' : 'lost'
    // `160000`: a commit of another repository.
    const foreign = bytes[at + 1] === DIGIT_6
    if (!foreign && this.#isThere(bytes, end - this.known.idBytes)) return 'known'
    if (gapIn(bytes, end - this.known.idBytes, end)) return 'cut'
    return foreign ? 'foreign' : 'lost'
  }

  /**
   * Where the next whole entry begins: one whose object is known, which no chance brings about. What comes before is shorter
   * than the longest entry on both sides of what was left out, so it was in the version before; or else it may be new.
   */
  #behindCut(bytes: Uint8Array, from: number): number {
    let start = from
    let at = from
    for (; at < bytes.length; at += 1) {
      if (isGap(bytes, at)) {
        if (at - start >= LONGEST_ENTRY_BYTES) this.#linked = false
        start = at + GAP.length
        continue
      }
      const end = modeEnd(bytes, at) < 0 ? NO_ENTRY : entryEnd(bytes, at, this.known.idBytes)
      const link = end < 0 ? 'lost' : this.#linkOf(bytes, at, end)
      if (link === 'known' || (link === 'foreign' && end - start <= LONGEST_ENTRY_BYTES && isEntry(bytes, end))) break
    }
    if (at - start >= LONGEST_ENTRY_BYTES) this.#linked = false
    return at
  }

  #isKnown(bytes: Uint8Array, at: number): boolean {
    const where = this.known.whereIs(bytes, at)
    if (where === 'loose') this.#outside.add(Buffer.from(bytes.subarray(at, at + this.known.idBytes)).toString('hex'))
    return where !== undefined
  }

  #isThere(bytes: Uint8Array, at: number): boolean {
    const words = this.known.idBytes / 4
    const first = wordAt(bytes, at)
    const place = words * (first & (LATELY - 1))
    let word = 0
    while (word < words && this.#lately[place + word] === wordAt(bytes, at + 4 * word)) word += 1
    // Nothing but zeros stands where no name was noted yet.
    if (word === words && first !== 0) return true
    if (!this.#isKnown(bytes, at)) return false
    for (word = 0; word < words; word += 1) this.#lately[place + word] = wordAt(bytes, at + 4 * word)
    return true
  }
}
