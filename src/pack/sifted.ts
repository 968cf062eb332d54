import { Interest, type Sieve, type Sifted } from '../git/sieve.ts'
import type { ObjectKind } from '../model.ts'
import type { WasmInstance } from '../wasm/instantiate.ts'
import { KINDS } from './entries.ts'
import type { Around } from './kernel.ts'
import { type Known, type LinkCheck, LONGEST_ENTRY_BYTES } from './links.ts'

/** How an object differs from one that is less than `close`. */
export interface Change {
  readonly base: Interest
  /** It begins with so many bytes of the other one. */
  readonly kept: number
  /** What may be new in it, with what is around that; undefined where it cannot. */
  readonly stream: (around: Around) => Uint8Array | undefined
}

/** So many bytes around what is new in a tree are mostly enough to tell its entries: three of them. */
export const NEAR_ENTRIES_BYTES = 112

/** What was seen of a change. */
interface Sight {
  readonly interest: Interest
  readonly bytes: Uint8Array
  readonly reach: number | 'whole'
}

/** A sieve at work: what it looks at, what it lets pass, and what is learned meanwhile. */
export class Sifting {
  readonly sieve: Sieve
  readonly #links: LinkCheck
  #instance: WasmInstance | undefined
  #passed = { blob: 0, tree: 0, commit: 0, tag: 0 }
  #bytes = 0

  constructor(sieve: Sieve, links: LinkCheck) {
    this.sieve = sieve
    this.#links = links
  }

  /** Told in whose memory the bytes will lie, and who counts there as well what it lets pass. */
  settleIn(instance: WasmInstance): void {
    this.#instance = instance
    this.sieve.settleIn(instance)
    this.#links.settleIn(instance, this.sieve.marks)
  }

  /** Where names of objects are found in WebAssembly. */
  get table(): Known['table'] {
    return this.#links.known.table
  }

  /** Looks at an object. */
  look(bytes: Uint8Array, kind: ObjectKind): Interest {
    const { marks } = this.#links.follow(bytes, kind)
    const interest = this.sieve.look(bytes, kind)
    // What is found is given as a whole to whoever asked; and a name may be what was found, which nobody keeps.
    if (kind === 'tree' && interest !== Interest.found) this.sieve.note(bytes, marks)
    return interest
  }

  /** Looks at what may be new in an object; undefined where it cannot. */
  lookAtChange(kind: ObjectKind, change: Change): Interest | undefined {
    const seen = this.#lookAround(kind, change)
    return kind === 'blob' || seen === undefined ? seen?.interest : this.#followChange(seen, kind, change)
  }

  /** What refers to other objects stands where the other one stood. */
  #followChange(sight: Sight, kind: ObjectKind, change: Change): Interest | undefined {
    if (!this.follow(sight, kind)) return sight.interest
    const bytes = change.stream({ reach: LONGEST_ENTRY_BYTES, head: 0 })
    return bytes && this.#followChange({ ...sight, bytes, reach: LONGEST_ENTRY_BYTES }, kind, change)
  }

  /** Notes what a tree, a commit or a tag refers to that is no blob. Is what was seen of it too little to tell? `links`: as `LinkCheck` takes them. */
  follow({ interest, bytes, reach }: Sight, kind: ObjectKind, links?: number): boolean {
    const { marks, farther } = this.#links.follow(bytes, kind, { reach, links })
    if (kind === 'tree' && interest !== Interest.found) this.sieve.note(bytes, marks)
    return farther
  }

  /**
   * Looks as far around what is new as the keywords of the other object reach, and farther where one is seen that does, or where a NUL
   * has come, since all there is may then be UTF-16. A keyword that is new stands next to what is new. A blob can become of
   * another kind besides, which its first bytes tell.
   */
  #lookAround(kind: ObjectKind, { base, kept, stream }: Change): Sight | undefined {
    const { longestKeyword, headBytes } = this.sieve
    const beside = kind === 'tree' ? Math.max(longestKeyword, NEAR_ENTRIES_BYTES) : longestKeyword
    const head = kind === 'blob' && kept < headBytes ? headBytes : 0
    for (let reach = Math.max(base, beside); ; ) {
      const bytes = stream({ reach, head })
      if (bytes === undefined) return undefined
      const seen = this.sieve.look(bytes, kind)
      if (seen <= reach || seen >= Interest.close) return { interest: Math.max(seen, base), bytes, reach }
      reach = seen
    }
  }

  /** Counts an object in which nothing was found. */
  pass(kind: ObjectKind, bytes: number): void {
    this.#passed[kind] += 1
    this.#bytes += bytes
  }

  /** What was learned since the last call. */
  take(): Sifted {
    KINDS.forEach((kind, type) => kind && (this.#passed[kind] += this.#instance?.loops.takePassed(type) ?? 0))
    this.#bytes += this.#instance?.loops.takePassedSize() ?? 0
    const sifted: Sifted = { passed: this.#passed, bytes: this.#bytes, names: this.sieve.takeNames(), linked: this.#links.takeLinked(), outside: this.#links.takeOutside() }
    this.#passed = { blob: 0, tree: 0, commit: 0, tag: 0 }
    this.#bytes = 0
    return sifted
  }
}
