import { Interest, type Sieve, type Sifted } from '../git/sieve.ts'
import type { ObjectKind } from '../model.ts'
import { type LinkCheck, LONGEST_ENTRY_BYTES } from './links.ts'

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

  /** Looks at an object. */
  look(bytes: Uint8Array, kind: ObjectKind): Interest {
    this.#links.follow(bytes, kind, true)
    return this.#sieve.look(bytes, kind)
  }

  /**
   * Looks at what may be new in an object. `stream` gives that, with as many bytes around each cut as it is told; undefined
   * where it cannot.
   */
  lookAtChange(kind: ObjectKind, stream: (reach: number) => Uint8Array | undefined): Interest | undefined {
    const entries = kind === 'tree' ? stream(LONGEST_ENTRY_BYTES) : undefined
    if (entries !== undefined) this.#links.follow(entries, kind, false)
    const reach = this.#sieve.reach(kind)
    // Links of commits and tags stand at their beginning.
    const bytes = stream(kind === 'commit' || kind === 'tag' ? Math.max(reach, LONGEST_ENTRY_BYTES) : reach)
    if (bytes === undefined) return undefined
    if (entries === undefined) this.#links.follow(bytes, kind, false)
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
