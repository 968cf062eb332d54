import { FilterResult } from '../../objects/object-filter.ts'
import type { ObjectKind } from '../../../model/model.ts'
import { kindOf, WHOLE } from '../plan/entries.ts'
import {
  MAX_OBJECT_BYTES,
  type WalkContext,
  namesBelow,
  type VisitResult,
  type PackWalker,
  type WalkPlan,
} from '../emit-object.ts'
import { type Around, type Kernel, PADDING, type Region } from './kernel.ts'
import { firstSelected } from '../selection.ts'
import { PackBytes } from '../pack-bytes.ts'
import type { FilterSession } from './filter-session.ts'

/** Versions may wander so far up in memory before one is moved down. */
const DRIFT_BYTES = 1 << 20

/** An object that is in memory while what is based on it is visited. */
interface Frame {
  readonly content: Region
  /** From here on memory is free when it is done. */
  readonly floor: number
  readonly interest: FilterResult
  /** The next entry to visit. */
  next: number
}

/**
 * Visits families of entries: each is inflated once, what only changes it is looked at where it
 * changes, and it is put together only where something is found or something else is based on it.
 * The heaviest of those comes last and takes its base's place, so that memory holds few versions of
 * a file at a time.
 */
export class Walk implements PackWalker {
  readonly #plan: WalkPlan
  readonly #kernel: Kernel
  readonly #bytes: PackBytes
  readonly #sifting: FilterSession | undefined
  readonly #maxBlobBytes: number
  /** Names of objects that could not be read here. */
  #unread: string[] = []
  #stack: Frame[] = []

  constructor(plan: WalkPlan, { kernel, files, sifting, maxBlobBytes }: WalkContext) {
    this.#plan = plan
    this.#kernel = kernel
    this.#bytes = new PackBytes(kernel, plan.entries, files)
    this.#sifting = sifting
    this.#maxBlobBytes = maxBlobBytes
  }

  takeUnread(): readonly string[] {
    const unread = this.#unread
    this.#unread = []
    return unread
  }

  takeNotes(): readonly Uint8Array<ArrayBuffer>[] {
    return []
  }

  /** Begins with a root: as what is based on nothing, where memory is free. */
  begin(root: number): void {
    const floor = this.#bytes.end + PADDING
    const nothing = { from: floor - PADDING, to: floor - PADDING }
    this.#stack =
      this.#plan.marks[root] === 0
        ? []
        : [{ content: nothing, floor, interest: FilterResult.noKeyword, next: root }]
  }

  next(): VisitResult | undefined {
    for (let frame = this.#stack.at(-1); frame !== undefined; frame = this.#stack.at(-1)) {
      const entry = frame.next
      frame.next = firstSelected(this.#plan, this.#plan.families.nextSiblings[entry] ?? -1)
      if (frame.next < 0) this.#stack.pop()
      const seen = this.#visit(
        entry,
        frame,
        frame.next < 0 ? frame.floor : frame.content.to + PADDING,
      )
      if (seen.content !== undefined || seen.size > this.#maxBlobBytes) return seen
    }
    return undefined
  }

  /**
   * Looks at an entry, and puts a frame on the stack if others are based on it. Gives its content
   * if it is to be given.
   */
  #visit(entry: number, base: Frame, place: number): VisitResult {
    const sight =
      this.#plan.entries.bases[entry] === WHOLE
        ? this.#readWhole(entry, place)
        : this.#readChange(entry, base)
    if (sight === undefined) {
      this.#leave(entry)
      return { entry, content: undefined, size: 0 }
    }
    const { content, size, interest } = sight
    const kind = kindOf(this.#plan.entries.types[entry])
    if (
      this.#plan.marks[entry] === 1 &&
      interest !== FilterResult.found &&
      !(kind === 'blob' && size > this.#maxBlobBytes)
    )
      this.#sifting?.pass(kind, size)
    const kept = content && this.#keep(entry, content, { place, interest })
    return { entry, content: interest === FilterResult.found ? kept : undefined, size }
  }

  #keep(
    entry: number,
    content: Region,
    { place, interest }: { readonly place: number; readonly interest: FilterResult },
  ): Region {
    const next = this.#childOf(entry)
    if (next < 0) return content
    const from = content.from - place < DRIFT_BYTES ? content.from : place
    const moved = { from, to: from + content.to - content.from }
    if (from !== content.from) this.#kernel.memory().copyWithin(from, content.from, content.to)
    this.#stack.push({ content: moved, floor: place, interest, next })
    return moved
  }

  #readWhole(entry: number, place: number): Sight | undefined {
    const size = this.#plan.entries.sizes[entry] ?? 0
    if (size > MAX_OBJECT_BYTES) return undefined
    const content = this.#inflate(entry, place)
    return (
      content && {
        content,
        size,
        interest: this.#look(content, kindOf(this.#plan.entries.types[entry])),
      }
    )
  }

  #readChange(entry: number, base: Frame): Sight | undefined {
    const delta = this.#inflate(entry, base.content.to + PADDING)
    const sizes = delta && this.#kernel.deltaSizes(delta)
    if (delta === undefined || sizes === undefined || sizes.result > MAX_OBJECT_BYTES)
      return undefined
    const from = delta.to + PADDING
    const into = { from, to: from + sizes.result }
    if (!this.#kernel.reserve(into.to)) return undefined
    const kind = kindOf(this.#plan.entries.types[entry])
    if (this.#sifting === undefined || base.interest >= FilterResult.inspectWhole)
      return this.#put(delta, base, into, kind)
    const interest = this.#sifting.lookAtChange(kind, {
      base: base.interest,
      kept: sizes.kept,
      stream: (around) => this.#stream(delta, base, into, around),
    })
    if (interest === undefined) return undefined
    if (interest >= FilterResult.inspectWhole) return this.#put(delta, base, into, kind)
    if (kind === 'blob' && this.#childOf(entry) < 0)
      return { content: undefined, size: sizes.result, interest }
    const sight = this.#put(delta, base, into, interest)
    if (sight !== undefined)
      this.#sifting.follow(this.#kernel.memory().subarray(into.from, into.to), kind, { interest })
    return sight
  }

  #stream(delta: Region, base: Frame, into: Region, around: Around): Uint8Array | undefined {
    const length = this.#kernel.dirtyStream(delta, base.content, into, around)
    return length < 0 ? undefined : this.#kernel.memory().subarray(into.from, into.from + length)
  }

  /** Puts an object together, and looks at it if what is in it is not known. */
  #put(
    delta: Region,
    base: Frame,
    into: Region,
    interest: FilterResult | ObjectKind,
  ): Sight | undefined {
    const size = this.#kernel.applyDelta(delta, base.content, into)
    if (size < 0) return undefined
    return {
      content: into,
      size,
      interest: typeof interest === 'number' ? interest : this.#look(into, interest),
    }
  }

  #look({ from, to }: Region, kind: ObjectKind): FilterResult {
    return this.#sifting?.look(this.#kernel.memory().subarray(from, to), kind) ?? FilterResult.found
  }

  #inflate(entry: number, place: number): Region | undefined {
    const size = this.#plan.entries.sizes[entry] ?? 0
    if (size > MAX_OBJECT_BYTES || !this.#kernel.reserve(place + size + PADDING)) return undefined
    const source = this.#bytes.of(entry, place + size + PADDING)
    const into = { from: place, to: place + size }
    return source !== undefined && this.#kernel.inflate(source, into) === size ? into : undefined
  }

  #childOf(entry: number): number {
    return firstSelected(this.#plan, this.#plan.families.firstChildren[entry] ?? -1)
  }

  /** Notes an entry and all that is based on it as not read here. */
  #leave(entry: number): void {
    for (const id of namesBelow(this.#plan, entry)) this.#unread.push(id)
  }
}

interface Sight extends Omit<VisitResult, 'entry'> {
  readonly interest: FilterResult
}
