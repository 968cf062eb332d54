import { Interest } from '../git/sieve.ts'
import type { GitObject } from '../git/objects.ts'
import { windowsIn } from '../git/windows.ts'
import type { ObjectKind, Skip } from '../model.ts'
import { type Entries, KINDS, WHOLE } from './entries.ts'
import type { IdTable } from './id-table.ts'
import { type Around, type Kernel, PADDING, type Region } from './kernel.ts'
import { isAsked, type Marked, markedBelow, markedChildren, markedSibling } from './marked.ts'
import type { PackBytes } from './pack-bytes.ts'
import type { Sifting } from './sifted.ts'

/** Larger objects, and what is based on them, are left to git, which gives them piece by piece. */
export const LARGEST_BYTES = 96 << 20

/** Versions may wander so far up in memory before one is moved down. */
const DRIFT_BYTES = 1 << 20

export interface WalkPlan extends Marked {
  readonly entries: Entries
  readonly names: IdTable
  /** Names below this number are those of packs. */
  readonly packed: number
}

export interface Means {
  readonly kernel: Kernel
  readonly bytes: PackBytes
  readonly sifting: Sifting | undefined
  readonly maxBlobBytes: number
}

/** An object that is in memory while what is based on it is visited. */
interface Frame {
  readonly content: Region
  /** From here on memory is free when it is done. */
  readonly floor: number
  readonly interest: Interest
  /** The next entry to visit, -1 for none, and the one to visit last. */
  next: number
  readonly last: number
}

/**
 * Visits families of entries: each is inflated once, what only changes it is looked at where it changes, and it is put
 * together only where something is found or something else is based on it. The heaviest of those comes last and takes its
 * base's place, so that memory holds few versions of a file at a time.
 */
export class Walk {
  readonly #plan: WalkPlan
  readonly #kernel: Kernel
  readonly #bytes: PackBytes
  readonly #sifting: Sifting | undefined
  readonly #maxBlobBytes: number
  /** Names of objects that could not be read here. */
  #unread: string[] = []
  #stack: Frame[] = []

  /** With `sifting` only objects in which something is found are given, and blobs larger than `maxBlobBytes` never. */
  constructor(plan: WalkPlan, { kernel, bytes, sifting, maxBlobBytes }: Means) {
    this.#plan = plan
    this.#kernel = kernel
    this.#bytes = bytes
    this.#sifting = sifting
    this.#maxBlobBytes = maxBlobBytes
  }

  /** Names of objects that could not be read here, since the last call. */
  takeUnread(): readonly string[] {
    const unread = this.#unread
    this.#unread = []
    return unread
  }

  /** Begins with a root: as what is based on nothing, where memory is free. */
  begin(root: number): void {
    const floor = this.#bytes.end + PADDING
    const nothing = { from: floor - PADDING, to: floor - PADDING }
    this.#stack = this.#plan.marks[root] === 0 ? [] : [{ content: nothing, floor, interest: Interest.blank, next: root, last: root }]
  }

  /** Goes on, through the root and all that is based on it, to what may have to be given: nearly nothing is. Undefined behind the last. */
  next(): Seen | undefined {
    for (let frame = this.#stack.at(-1); frame !== undefined; frame = this.#stack.at(-1)) {
      const child = this.#nextOf(frame)
      if (child < 0 || child === frame.last) this.#stack.pop()
      if (child < 0) continue
      const seen = this.#visit(child, frame, child === frame.last ? frame.floor : frame.content.to + PADDING)
      if (seen.content !== undefined || seen.size > this.#maxBlobBytes) return seen
    }
    return undefined
  }

  /** Gives it, if it is asked for. Bytes are valid until the next object. */
  *give({ entry, content, size }: Seen): Generator<GitObject | Skip> {
    const kind = this.#kindOf(entry)
    const asked = isAsked(this.#plan.marks[entry])
    const tooLarge = kind === 'blob' && size > this.#maxBlobBytes
    if (!asked || (content === undefined && !tooLarge)) return
    const id = this.#plan.names.nameOf(this.#plan.entries.names[entry] ?? 0)
    if (tooLarge || content === undefined) yield { outcome: 'bounded', reason: 'too-large', object: id, detail: `${size} bytes` }
    else for (const { start, bytes, last } of windowsIn(this.#kernel.memory().subarray(content.from, content.to))) yield { id, kind, size, start, bytes, last }
  }

  /** Looks at an entry, and puts a frame on the stack if others are based on it. Gives its content if it is to be given. */
  #visit(entry: number, base: Frame, place: number): Seen {
    const sight = this.#plan.entries.bases[entry] === WHOLE ? this.#readWhole(entry, place) : this.#readChange(entry, base)
    if (sight === undefined) {
      this.#leave(entry)
      return { entry, content: undefined, size: 0 }
    }
    const { content, size, interest } = sight
    const kind = this.#kindOf(entry)
    if (this.#plan.marks[entry] === 1 && interest !== Interest.found && !(kind === 'blob' && size > this.#maxBlobBytes)) this.#sifting?.pass(kind, size)
    const kept = content && this.#keep(entry, content, { place, interest })
    return { entry, content: interest === Interest.found ? kept : undefined, size }
  }

  #keep(entry: number, content: Region, { place, interest }: { readonly place: number; readonly interest: Interest }): Region {
    const { next, last } = markedChildren(this.#plan, entry)
    if (next < 0) return content
    const from = content.from - place < DRIFT_BYTES ? content.from : place
    const moved = { from, to: from + content.to - content.from }
    if (from !== content.from) this.#kernel.memory().copyWithin(from, content.from, content.to)
    this.#stack.push({ content: moved, floor: place, interest, next, last })
    return moved
  }

  #readWhole(entry: number, place: number): Sight | undefined {
    const size = this.#plan.entries.sizes[entry] ?? 0
    if (size > LARGEST_BYTES) return undefined
    const content = this.#inflate(entry, place)
    return content && { content, size, interest: this.#look(content, this.#kindOf(entry)) }
  }

  #readChange(entry: number, base: Frame): Sight | undefined {
    const delta = this.#inflate(entry, base.content.to + PADDING)
    const sizes = delta && this.#kernel.deltaSizes(delta)
    if (delta === undefined || sizes === undefined || sizes.result > LARGEST_BYTES) return undefined
    const from = delta.to + PADDING
    const into = { from, to: from + sizes.result }
    if (!this.#kernel.reserve(into.to)) return undefined
    const kind = this.#kindOf(entry)
    if (this.#sifting === undefined || base.interest >= Interest.close) return this.#put(delta, base, into, kind)
    const interest = this.#sifting.lookAtChange(kind, { base: base.interest, kept: sizes.kept, stream: (around) => this.#stream(delta, base, into, around) })
    if (interest === undefined) return undefined
    if (interest >= Interest.close) return this.#put(delta, base, into, kind)
    return markedChildren(this.#plan, entry).next < 0 ? { content: undefined, size: sizes.result, interest } : this.#put(delta, base, into, interest)
  }

  #stream(delta: Region, base: Frame, into: Region, around: Around): Uint8Array | undefined {
    const length = this.#kernel.dirtyStream(delta, base.content, into, around)
    return length < 0 ? undefined : this.#kernel.memory().subarray(into.from, into.from + length)
  }

  /** Puts an object together, and looks at it if what is in it is not known. */
  #put(delta: Region, base: Frame, into: Region, interest: Interest | ObjectKind): Sight | undefined {
    const size = this.#kernel.applyDelta(delta, base.content, into)
    if (size < 0) return undefined
    return { content: into, size, interest: typeof interest === 'number' ? interest : this.#look(into, interest) }
  }

  #look({ from, to }: Region, kind: ObjectKind): Interest {
    return this.#sifting?.look(this.#kernel.memory().subarray(from, to), kind) ?? Interest.found
  }

  #inflate(entry: number, place: number): Region | undefined {
    const size = this.#plan.entries.sizes[entry] ?? 0
    if (size > LARGEST_BYTES || !this.#kernel.reserve(place + size + PADDING)) return undefined
    const source = this.#bytes.of(entry, place + size + PADDING)
    const into = { from: place, to: place + size }
    return source !== undefined && this.#kernel.inflate(source, into) === size ? into : undefined
  }

  #nextOf(frame: Frame): number {
    const child = frame.next
    if (child < 0) return frame.last
    frame.next = markedSibling(this.#plan, child, frame.last)
    return child
  }

  /** Notes an entry and all that is based on it as not read here. */
  #leave(entry: number): void {
    for (const left of markedBelow(this.#plan, entry)) this.#unread.push(this.#plan.names.nameOf(this.#plan.entries.names[left] ?? 0))
  }

  #kindOf(entry: number): ObjectKind {
    return KINDS[this.#plan.entries.types[entry] ?? 0] ?? 'blob'
  }
}

/** An entry that was visited, with its content if something is found in it. */
interface Seen {
  readonly entry: number
  readonly content: Region | undefined
  readonly size: number
}

interface Sight extends Omit<Seen, 'entry'> {
  readonly interest: Interest
}
