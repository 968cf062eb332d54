import { Interest, type Sieve, type Sifted } from '../git/sieve.ts'
import type { ObjectKind } from '../model.ts'
import type { WasmInstance } from '../wasm/instantiate.ts'
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

  /**
   * Looks at what may be new in an object. `stream` gives that, with as many bytes around each cut as it is told; undefined
   * where it cannot.
   */
  lookAtChange(kind: ObjectKind, stream: (reach: number) => Uint8Array | undefined): Interest | undefined {
    if (kind === 'blob') return this.#lookAtBlob(stream)
    const bytes = stream(this.#sieve.reach(kind))
    const interest = bytes && this.#sieve.look(bytes, kind)
    // It stands where the other one stood.
    const near = interest === undefined ? undefined : stream(LONGEST_ENTRY_BYTES)
    if (near === undefined) return undefined
    const places = this.#links.follow(near, kind, false)
    if (kind === 'tree' && interest !== Interest.found) this.#sieve.note(near, places)
    return interest
  }

  /** UTF-16 takes twice the room, and has NUL bytes wherever it stands. */
  #lookAtBlob(stream: (reach: number) => Uint8Array | undefined): Interest | undefined {
    const reach = this.#sieve.reach('blob')
    const near = stream(reach / 2)
    if (near === undefined) return undefined
    const bytes = Buffer.from(near.buffer, near.byteOffset, near.length).includes(0) ? stream(reach) : near
    return bytes && this.#sieve.look(bytes, 'blob')
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
