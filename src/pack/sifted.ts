import { Interest, type Sieve, type Sifted } from '../git/sieve.ts'
import type { ObjectKind } from '../model.ts'
import type { WasmInstance } from '../wasm/instantiate.ts'
import { type LinkCheck, LONGEST_ENTRY_BYTES } from './links.ts'

/** How an object differs from one that is less than `close`. */
export interface Change {
  readonly base: Interest
  /** It begins with so many bytes of the other one. */
  readonly kept: number
  /** What may be new in it, with as many bytes around each cut as it is told; undefined where it cannot. */
  readonly stream: (reach: number) => Uint8Array | undefined
}

/** A sieve at work: what it looks at, what it lets pass, and what is learned meanwhile. */
export class Sifting {
  readonly #sieve: Sieve
  readonly #links: LinkCheck
  #passed = { blob: 0, tree: 0, commit: 0, tag: 0 }
  #bytes = 0

  constructor(sieve: Sieve, links: LinkCheck) {
    this.#sieve = sieve
    this.#links = links
  }

  settleIn(instance: WasmInstance): void {
    this.#sieve.settleIn(instance)
    this.#links.settleIn(instance, this.#sieve.marks)
  }

  /** Looks at an object. */
  look(bytes: Uint8Array, kind: ObjectKind): Interest {
    const places = this.#links.follow(bytes, kind, true)
    const interest = this.#sieve.look(bytes, kind)
    // What is found is given as a whole to whoever asked; and a name may be what was found, which nobody keeps.
    if (kind === 'tree' && interest !== Interest.found) this.#sieve.note(bytes, places)
    return interest
  }

  /** Looks at what may be new in an object; undefined where it cannot. */
  lookAtChange(kind: ObjectKind, change: Change): Interest | undefined {
    const interest = this.#lookAround(kind, change)
    if (kind === 'blob' || interest === undefined) return interest
    // It stands where the other one stood.
    const near = change.stream(LONGEST_ENTRY_BYTES)
    if (near === undefined) return undefined
    const places = this.#links.follow(near, kind, false)
    if (kind === 'tree' && interest !== Interest.found) this.#sieve.note(near, places)
    return interest
  }

  /**
   * Looks as far around what is new as the keywords of the other object reach, and farther where one is seen that does. A keyword that
   * is new stands next to what is new. A blob can become of another kind besides, which its first bytes tell.
   */
  #lookAround(kind: ObjectKind, { base, kept, stream }: Change): Interest | undefined {
    const { longestKeyword, headBytes } = this.#sieve
    const beside = kind === 'blob' ? 2 * longestKeyword : longestKeyword
    for (let reach = Math.max(base, beside, kind === 'blob' && kept < headBytes ? headBytes : 0); ; ) {
      const bytes = stream(reach)
      if (bytes === undefined) return undefined
      const seen = this.#sieve.look(bytes, kind)
      const wanted = seen === Interest.blank ? 0 : Math.max(seen, 2 * longestKeyword)
      if (wanted <= reach || seen >= Interest.close) return Math.max(seen, base)
      reach = wanted
    }
  }

  /** Counts an object in which nothing was found. */
  pass(kind: ObjectKind, bytes: number): void {
    this.#passed[kind] += 1
    this.#bytes += bytes
  }

  /** What was learned since the last call. */
  take(): Sifted {
    const sifted: Sifted = { passed: this.#passed, bytes: this.#bytes, names: this.#sieve.takeNames(), linked: this.#links.takeLinked(), outside: this.#links.takeOutside() }
    this.#passed = { blob: 0, tree: 0, commit: 0, tag: 0 }
    this.#bytes = 0
    return sifted
  }
}
