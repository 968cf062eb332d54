import { FilterResult, type ObjectFilter, type FilterStats } from '../../objects/object-filter.ts'
import type { ObjectKind } from '../../../model/model.ts'
import type { WasmInstance } from '../../wasm/instantiate.ts'
import { KINDS } from '../plan/entries.ts'
import type { Around } from './kernel.ts'
import type { KnownObjects, ConnectivityCheck } from './connectivity-check.ts'

/** How an object differs from one that is less than `close`. */
export interface Change {
  readonly base: FilterResult
  /** It begins with so many bytes of the other one. */
  readonly kept: number
  /** What may be new in it, with what is around that; undefined where it cannot. */
  readonly stream: (around: Around) => Uint8Array | undefined
}

/** A sieve at work: what it looks at, what it lets pass, and what is learned meanwhile. */
export class FilterSession {
  readonly sieve: ObjectFilter
  readonly #links: ConnectivityCheck
  #instance: WasmInstance | undefined
  #passed = { blob: 0, tree: 0, commit: 0, tag: 0 }
  #bytes = 0

  constructor(sieve: ObjectFilter, links: ConnectivityCheck) {
    this.sieve = sieve
    this.#links = links
  }

  /** Told in whose memory the bytes will lie, and who counts there as well what it lets pass. */
  settleIn(instance: WasmInstance): void {
    this.#instance = instance
    this.sieve.shareMemory(instance)
    this.#links.settleIn(instance, this.sieve.nameFragments)
  }

  /** Where names of objects are found in WebAssembly. */
  get table(): KnownObjects['table'] {
    return this.#links.known.table
  }

  /** Looks at an object. */
  look(bytes: Uint8Array, kind: ObjectKind): FilterResult {
    const interest = this.sieve.inspect(bytes, kind)
    this.follow(bytes, kind, { interest })
    return interest
  }

  /** Notes what an object refers to, and what trees name; `links`: as `LinkCheck` takes them. */
  follow(
    bytes: Uint8Array,
    kind: ObjectKind,
    { interest, links }: { readonly interest: FilterResult; readonly links?: number },
  ): void {
    const marks = this.#links.follow(bytes, kind, links)
    // What is found is given as a whole to whoever asked; and a name may be what was found, which
    // nobody keeps.
    if (kind === 'tree' && interest !== FilterResult.found) this.sieve.collectNames(bytes, marks)
  }

  /**
   * Looks at what may be new in an object, as far around that as the keywords of the other object
   * reach, and farther where one is seen that does, or where a NUL has come, since all there is may
   * then be UTF-16. A keyword that is new stands next to what is new. A blob can become of another
   * kind besides, which its first bytes tell. Undefined where it cannot.
   */
  lookAtChange(kind: ObjectKind, { base, kept, stream }: Change): FilterResult | undefined {
    const { longestKeyword, headBytes } = this.sieve
    const head = kind === 'blob' && kept < headBytes ? headBytes : 0
    for (let reach = Math.max(base, longestKeyword); ; ) {
      const bytes = stream({ reach, head })
      if (bytes === undefined) return undefined
      const seen = this.sieve.inspect(bytes, kind)
      if (seen <= reach || seen >= FilterResult.inspectWhole) return Math.max(seen, base)
      reach = seen
    }
  }

  /** Counts an object in which nothing was found. */
  pass(kind: ObjectKind, bytes: number): void {
    this.#passed[kind] += 1
    this.#bytes += bytes
  }

  /** What was learned since the last call. */
  take(): FilterStats {
    KINDS.forEach(
      (kind, type) => kind && (this.#passed[kind] += this.#instance?.loops.takePassed(type) ?? 0),
    )
    this.#bytes += this.#instance?.loops.takePassedSize() ?? 0
    const sifted: FilterStats = {
      skippedClean: this.#passed,
      bytes: this.#bytes,
      names: this.sieve.takeNames(),
      isConnected: this.#links.takeLinked(),
      looseIds: this.#links.takeOutside(),
    }
    this.#passed = { blob: 0, tree: 0, commit: 0, tag: 0 }
    this.#bytes = 0
    return sifted
  }
}
