import { Interest, type Sieve, type Sifted } from '../git/sieve.ts'
import type { ObjectKind } from '../model.ts'
import type { LinkCheck } from './links.ts'

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

  reach(kind: ObjectKind): number {
    return this.#sieve.reach(kind)
  }

  /** `whole`: an object; else what may be new in it. */
  look(bytes: Uint8Array, kind: ObjectKind, whole: boolean): Interest {
    this.#links.follow(bytes, kind, whole)
    return this.#sieve.look(bytes, kind)
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
