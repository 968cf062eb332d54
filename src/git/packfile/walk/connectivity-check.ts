import type { ObjectKind } from '../../../model/model.ts'
import type { WasmInstance } from '../../wasm/instantiate.ts'
import type { PlanLoops } from '../../wasm/plan-loops.ts'
import { linksOfHeader } from './header-links.ts'
import { entryEnd, isForeign, wordAt } from '../entry-bytes.ts'
import { WasmLinks } from './wasm-links.ts'

/** Which objects there are, by the bytes of their names. */
export interface KnownObjects {
  readonly idBytes: number
  /** Where the object with the name at `at` is. */
  whereIs(bytes: Uint8Array, at: number): 'pack' | 'loose' | undefined
  /**
   * Gives the number of a name, by its words; numbers below `packed` are those of objects in packs.
   * For WebAssembly, if names are where that finds them.
   */
  readonly table?: { readonly find: PlanLoops['find']; readonly packed: number } | undefined
}

/** Names seen lately: most entries of a tree were in the version before. */
const LATELY = 1 << 14

/**
 * Checks that all that objects refer to is there. It may say no where that is so, but never yes
 * where it is not: then git is asked, who walks.
 */
export class ConnectivityCheck {
  readonly known: KnownObjects
  readonly #id: Uint8Array
  #referred: WasmLinks | undefined
  /** As words of four bytes, each name in the place that its first word says. */
  readonly #lately: Int32Array
  readonly #outside = new Set<string>()
  #linked = true

  constructor(known: KnownObjects) {
    this.known = known
    this.#id = new Uint8Array(known.idBytes)
    this.#lately = new Int32Array((LATELY * known.idBytes) / 4)
  }

  /**
   * Lets it be asked about objects in the memory of this instance, where names in trees are looked
   * through for marks as well.
   */
  settleIn(instance: WasmInstance, marks: readonly string[]): void {
    this.#referred = new WasmLinks(instance, marks)
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

  /**
   * Looks at a whole object. `links`: what assembly/links.ts noted of it, if it was asked.
   * Gives where in a tree marks may stand, each for the first time in a while; undefined if nobody
   * has looked for them.
   */
  follow(bytes: Uint8Array, kind: ObjectKind, links = -1): Iterable<number> | undefined {
    if (kind === 'blob') return []
    if (kind !== 'tree') {
      this.#followHeader(bytes, links)
      return undefined
    }
    const noted = links < 0 ? undefined : this.#referred?.inTree(links)
    if (noted === undefined) this.#followTree(bytes)
    else for (const at of noted.links) if (!this.#isKnown(bytes, at)) this.#linked = false
    return noted?.marks
  }

  #followHeader(bytes: Uint8Array, links: number): void {
    const header = links < 0 ? undefined : this.#referred?.inHeader
    if (header === undefined)
      this.#linked =
        linksOfHeader(bytes, this.#id, () => this.#isKnown(this.#id, 0)) && this.#linked
    else
      for (let at = 0; at < links; at += 1)
        if (!this.#isKnown(header.bytes, header.from + header.step * at)) this.#linked = false
  }

  /** `100644 .env\0` and 20 bytes, again and again. */
  #followTree(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const end = entryEnd(bytes, at, this.known.idBytes)
      if (end < 0 || (!isForeign(bytes, at) && !this.#isThere(bytes, end - this.known.idBytes)))
        this.#linked = false
      if (end < 0) return
      at = end
    }
  }

  #isKnown(bytes: Uint8Array, at: number): boolean {
    const where = this.known.whereIs(bytes, at)
    if (where === 'loose')
      this.#outside.add(Buffer.from(bytes.subarray(at, at + this.known.idBytes)).toString('hex'))
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
    for (word = 0; word < words; word += 1)
      this.#lately[place + word] = wordAt(bytes, at + 4 * word)
    return true
  }
}

/** In what kinds of places objects are; undefined among them where one is in none. */
export function placesOf(
  ids: Iterable<string>,
  known: KnownObjects,
): ReadonlySet<ReturnType<KnownObjects['whereIs']>> {
  const places = new Set<ReturnType<KnownObjects['whereIs']>>()
  // There can be tens of thousands.
  const name = Buffer.alloc(known.idBytes)
  for (const id of ids)
    places.add(name.write(id, 'hex') === name.length ? known.whereIs(name, 0) : undefined)
  return places
}
