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
   * Looks at what may be new in an object that changes one of the given interest, `none` or less. `stream` gives that, with as many
   * bytes around each cut as it is told; undefined where it cannot.
   */
  lookAtChange(kind: ObjectKind, base: Interest, stream: (reach: number) => Uint8Array | undefined): Interest | undefined {
    if (kind === 'blob') return this.#lookAtBlob(stream)
    const interest = base === Interest.blank && this.#isBlankNear(kind, stream) ? base : this.#lookAround(kind, this.#sieve.reach(kind), stream)
    // It stands where the other one stood.
    const near = interest === undefined ? undefined : stream(LONGEST_ENTRY_BYTES)
    if (near === undefined) return undefined
    const places = this.#links.follow(near, kind, false)
    if (kind === 'tree' && interest !== Interest.found) this.#sieve.note(near, places)
    return interest
  }

  /** A keyword that is new in a blank object stands next to what is new. */
  #isBlankNear(kind: ObjectKind, stream: (reach: number) => Uint8Array | undefined): boolean {
    const near = stream(this.#sieve.longestKeyword)
    return near !== undefined && this.#sieve.look(near, kind) === Interest.blank
  }

  /** UTF-16 takes twice the room, and has NUL bytes wherever it stands. */
  #lookAtBlob(stream: (reach: number) => Uint8Array | undefined): Interest | undefined {
    const reach = this.#sieve.reach('blob')
    const near = stream(reach / 2)
    if (near === undefined) return undefined
    const isWide = Buffer.from(near.buffer, near.byteOffset, near.length).includes(0)
    return this.#lookAround('blob', isWide ? reach : reach / 2, stream)
  }

  /** What is blank around changes says nothing of the rest. */
  #lookAround(kind: ObjectKind, reach: number, stream: (reach: number) => Uint8Array | undefined): Interest | undefined {
    const bytes = stream(reach)
    const interest = bytes && this.#sieve.look(bytes, kind)
    return interest === Interest.blank ? Interest.none : interest
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
