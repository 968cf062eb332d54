import type { ObjectKind } from '../../../model/model.ts'
import { wordAt } from '../../objects/bytes.ts'
import type { WasmInstance } from '../../wasm/instantiate.ts'
import type { PlanLoops } from '../../wasm/plan-loops.ts'
import { headerLinksKnown, isSubmodule, treeEntryEnd, WasmLinks } from './object-links.ts'

/** Finds the objects of a repository by the bytes of their IDs. */
export interface ObjectLocations {
  readonly idBytes: number
  /** Returns where the object is whose ID stands at `at`; undefined when it is missing. */
  locationOf(bytes: Uint8Array, at: number): ObjectLocation | undefined
  /**
   * A table of IDs that WebAssembly can search: `find` takes an ID as words of four bytes, and
   * returns its number. Numbers below `packedCount` belong to objects in packs.
   */
  readonly wasmTable?:
    | { readonly find: PlanLoops['find']; readonly packedCount: number }
    | undefined
}

type ObjectLocation = 'pack' | 'loose'

/** IDs that need not be looked up again: most entries of a tree were in the version before. */
const MAX_RECENT_IDS = 1 << 14

/**
 * Checks that a repository has every object that its objects refer to. It may report a missing
 * object where there is none, and never the opposite: after a doubt, git itself walks the history.
 */
export class ConnectivityCheck {
  readonly locations: ObjectLocations
  readonly #id: Uint8Array
  #wasmLinks: WasmLinks | undefined
  /** IDs as words of four bytes, each in the slot that its first word selects. */
  readonly #recentIds: Int32Array
  readonly #looseIds = new Set<string>()
  #isConnected = true

  constructor(locations: ObjectLocations) {
    this.locations = locations
    this.#id = new Uint8Array(locations.idBytes)
    this.#recentIds = new Int32Array((MAX_RECENT_IDS * locations.idBytes) / 4)
  }

  /**
   * Accepts objects in the memory of this instance, and lets the instance look for the fragments in
   * the names of trees, too.
   */
  useInstance(instance: WasmInstance, nameFragments: readonly string[]): void {
    this.#wasmLinks = new WasmLinks(instance, nameFragments)
  }

  /** Returns the IDs of loose objects that were referred to since the last call. */
  takeLooseIds(): readonly string[] {
    const ids = [...this.#looseIds]
    this.#looseIds.clear()
    return ids
  }

  /** Returns true when every object that was referred to since the last call is there. */
  takeConnected(): boolean {
    const isConnected = this.#isConnected
    this.#isConnected = true
    return isConnected
  }

  /**
   * Checks the links of a whole object. `linkCount` is the number that `assembly/links.ts`
   * reported with the object; negative or left out when it reported none.
   *
   * Returns the offsets in a tree where name fragments may stand, each for the first time in a
   * while; undefined when nobody looked for them.
   */
  checkObject(bytes: Uint8Array, kind: ObjectKind, linkCount = -1): Iterable<number> | undefined {
    if (kind === 'blob') return []
    if (kind !== 'tree') {
      this.#checkHeader(bytes, linkCount)
      return undefined
    }
    const found = linkCount < 0 ? undefined : this.#wasmLinks?.inTree(linkCount)
    if (found === undefined) this.#checkTree(bytes)
    else for (const at of found.ids) if (!this.#isKnown(bytes, at)) this.#isConnected = false
    return found?.fragments
  }

  #checkHeader(bytes: Uint8Array, linkCount: number): void {
    const header = linkCount < 0 ? undefined : this.#wasmLinks?.inHeader
    if (header === undefined) {
      const isKnown = (): boolean => this.#isKnown(this.#id, 0)
      if (!headerLinksKnown(bytes, this.#id, isKnown)) this.#isConnected = false
      return
    }
    for (let link = 0; link < linkCount; link += 1)
      if (!this.#isKnown(header.bytes, header.from + header.step * link)) this.#isConnected = false
  }

  #checkTree(bytes: Uint8Array): void {
    const { idBytes } = this.locations
    for (let at = 0; at < bytes.length; ) {
      const end = treeEntryEnd(bytes, at, idBytes)
      if (end < 0 || (!isSubmodule(bytes, at) && !this.#isKnownOrRecent(bytes, end - idBytes)))
        this.#isConnected = false
      if (end < 0) return
      at = end
    }
  }

  #isKnown(bytes: Uint8Array, at: number): boolean {
    const location = this.locations.locationOf(bytes, at)
    if (location === 'loose')
      this.#looseIds.add(
        Buffer.from(bytes.subarray(at, at + this.locations.idBytes)).toString('hex'),
      )
    return location !== undefined
  }

  #isKnownOrRecent(bytes: Uint8Array, at: number): boolean {
    const words = this.locations.idBytes / 4
    const first = wordAt(bytes, at)
    const slot = words * (first & (MAX_RECENT_IDS - 1))
    let word = 0
    while (word < words && this.#recentIds[slot + word] === wordAt(bytes, at + 4 * word)) word += 1
    // An empty slot has only zeros.
    if (word === words && first !== 0) return true
    if (!this.#isKnown(bytes, at)) return false
    for (word = 0; word < words; word += 1)
      this.#recentIds[slot + word] = wordAt(bytes, at + 4 * word)
    return true
  }
}

/** Returns the kinds of places where the objects are, with undefined when one is missing. */
export function locationsOf(
  ids: Iterable<string>,
  locations: ObjectLocations,
): ReadonlySet<ObjectLocation | undefined> {
  const found = new Set<ObjectLocation | undefined>()
  // One buffer serves all IDs: there can be tens of thousands.
  const id = Buffer.alloc(locations.idBytes)
  for (const text of ids)
    found.add(id.write(text, 'hex') === id.length ? locations.locationOf(id, 0) : undefined)
  return found
}
