import { FilterResult } from '../../objects/object-filter.ts'
import type { ObjectKind } from '../../../model/model.ts'
import { kindOf, WHOLE } from '../plan/entries.ts'
import {
  idsBelow,
  MAX_OBJECT_BYTES,
  type PackWalker,
  type VisitResult,
  type WalkContext,
  type WalkPlan,
} from '../emit-object.ts'
import { type ChangeContext, type Kernel, PADDING, type Region } from './kernel.ts'
import { EntrySelection, firstSelected } from '../selection.ts'
import { PackBytes } from '../pack-bytes.ts'
import type { FilterSession } from './filter-session.ts'

/** Bytes that an object may stand above the lowest free address before it is moved down. */
const MAX_DRIFT_BYTES = 1 << 20

/** An object that is in memory while the entries based on it are visited. */
interface Frame {
  readonly content: Region
  /** Memory is free from this address on when the frame is done. */
  readonly floor: number
  readonly result: FilterResult
  /** The next entry to visit. */
  next: number
}

/** An entry that was read and inspected. It has content unless nothing needs it. */
interface InspectedEntry extends Omit<VisitResult, 'entry'> {
  readonly result: FilterResult
}

/**
 * Walks delta chains in TypeScript, and defines what the walker in WebAssembly returns. Each entry
 * is inflated once. Of a delta only the changed bytes are inspected; the whole object is made only
 * when something is found in it or another entry is based on it. The heaviest of the entries with
 * the same base comes last and replaces its base in memory, so that memory holds few versions of a
 * file at a time.
 */
export class PlainWalker implements PackWalker {
  readonly #plan: WalkPlan
  readonly #kernel: Kernel
  readonly #packBytes: PackBytes
  readonly #session: FilterSession | undefined
  readonly #maxBlobBytes: number
  #unreadIds: string[] = []
  #stack: Frame[] = []

  constructor(plan: WalkPlan, { kernel, packFds, session, maxBlobBytes }: WalkContext) {
    this.#plan = plan
    this.#kernel = kernel
    this.#packBytes = new PackBytes(kernel, plan.entries, packFds)
    this.#session = session
    this.#maxBlobBytes = maxBlobBytes
  }

  takeUnreadIds(): readonly string[] {
    const ids = this.#unreadIds
    this.#unreadIds = []
    return ids
  }

  /** Returns nothing: this walker keeps no tree diff log. */
  takeTreeDiffs(): readonly Uint8Array<ArrayBuffer>[] {
    return []
  }

  begin(root: number): void {
    const floor = this.#packBytes.end + PADDING
    const emptyBase = { from: floor - PADDING, to: floor - PADDING }
    this.#stack =
      this.#plan.selection[root] === EntrySelection.skip
        ? []
        : [{ content: emptyBase, floor, result: FilterResult.noKeyword, next: root }]
  }

  next(): VisitResult | undefined {
    for (let frame = this.#stack.at(-1); frame !== undefined; frame = this.#stack.at(-1)) {
      const entry = frame.next
      frame.next = firstSelected(this.#plan, this.#plan.chains.nextSiblings[entry] ?? -1)
      const isLast = frame.next < 0
      if (isLast) this.#stack.pop()
      const visited = this.#visit(entry, frame, isLast ? frame.floor : frame.content.to + PADDING)
      if (visited.content !== undefined || visited.size > this.#maxBlobBytes) return visited
    }
    return undefined
  }

  /**
   * Inspects an entry, and puts a frame on the stack when others are based on it. `floor` is the
   * lowest address that is free for its content.
   */
  #visit(entry: number, base: Frame, floor: number): VisitResult {
    const inspected =
      this.#plan.entries.bases[entry] === WHOLE
        ? this.#readWhole(entry, floor)
        : this.#readDelta(entry, base)
    if (inspected === undefined) {
      for (const id of idsBelow(this.#plan, entry)) this.#unreadIds.push(id)
      return { entry, content: undefined, size: 0 }
    }
    const { content, size, result } = inspected
    const kind = this.#kindOf(entry)
    const isTooLarge = kind === 'blob' && size > this.#maxBlobBytes
    const isFound = result === FilterResult.found
    if (this.#plan.selection[entry] === EntrySelection.emit && !isFound && !isTooLarge)
      this.#session?.countSkippedClean(kind, size)
    const inMemory = content && this.#pushFrame(entry, content, { floor, result })
    return { entry, content: isFound ? inMemory : undefined, size }
  }

  /** Puts a frame on the stack when entries are based on this one. Returns where its content is. */
  #pushFrame(
    entry: number,
    content: Region,
    { floor, result }: Pick<Frame, 'floor' | 'result'>,
  ): Region {
    const next = this.#firstChildOf(entry)
    if (next < 0) return content
    const from = content.from - floor < MAX_DRIFT_BYTES ? content.from : floor
    const moved = { from, to: from + content.to - content.from }
    if (from !== content.from) this.#kernel.memory().copyWithin(from, content.from, content.to)
    this.#stack.push({ content: moved, floor, result, next })
    return moved
  }

  #readWhole(entry: number, floor: number): InspectedEntry | undefined {
    const size = this.#plan.entries.sizes[entry] ?? 0
    if (size > MAX_OBJECT_BYTES) return undefined
    const content = this.#inflate(entry, floor)
    return content && { content, size, result: this.#inspect(content, this.#kindOf(entry)) }
  }

  #readDelta(entry: number, base: Frame): InspectedEntry | undefined {
    const delta = this.#inflate(entry, base.content.to + PADDING)
    const sizes = delta && this.#kernel.deltaSizes(delta)
    if (delta === undefined || sizes === undefined || sizes.result > MAX_OBJECT_BYTES)
      return undefined
    const from = delta.to + PADDING
    const into = { from, to: from + sizes.result }
    if (!this.#kernel.reserve(into.to)) return undefined
    const kind = this.#kindOf(entry)
    const session = this.#session
    if (session === undefined || base.result >= FilterResult.inspectWhole)
      return this.#applyAndInspect(delta, base, into, kind)
    const result = session.inspectDelta(kind, {
      baseResult: base.result,
      keptPrefix: sizes.keptPrefix,
      changedBytes: (context) => this.#changedBytes(delta, base, into, context),
    })
    if (result === undefined) return undefined
    if (result >= FilterResult.inspectWhole) return this.#applyAndInspect(delta, base, into, kind)
    if (kind === 'blob' && this.#firstChildOf(entry) < 0)
      return { content: undefined, size: sizes.result, result }
    const size = this.#kernel.applyDelta(delta, base.content, into)
    if (size < 0) return undefined
    session.followLinks(this.#kernel.memory().subarray(into.from, into.to), kind, { result })
    return { content: into, size, result }
  }

  #changedBytes(
    delta: Region,
    base: Frame,
    into: Region,
    context: ChangeContext,
  ): Uint8Array | undefined {
    const length = this.#kernel.dirtyStream(delta, base.content, into, context)
    return length < 0 ? undefined : this.#kernel.memory().subarray(into.from, into.from + length)
  }

  #applyAndInspect(
    delta: Region,
    base: Frame,
    into: Region,
    kind: ObjectKind,
  ): InspectedEntry | undefined {
    const size = this.#kernel.applyDelta(delta, base.content, into)
    return size < 0 ? undefined : { content: into, size, result: this.#inspect(into, kind) }
  }

  #inspect({ from, to }: Region, kind: ObjectKind): FilterResult {
    const bytes = this.#kernel.memory().subarray(from, to)
    return this.#session?.inspect(bytes, kind) ?? FilterResult.found
  }

  /** Inflates an entry's object or delta to `address`; undefined when that fails. */
  #inflate(entry: number, address: number): Region | undefined {
    const size = this.#plan.entries.sizes[entry] ?? 0
    const end = address + size + PADDING
    if (size > MAX_OBJECT_BYTES || !this.#kernel.reserve(end)) return undefined
    const source = this.#packBytes.of(entry, end)
    const into = { from: address, to: address + size }
    return source !== undefined && this.#kernel.inflate(source, into) === size ? into : undefined
  }

  #kindOf(entry: number): ObjectKind {
    return kindOf(this.#plan.entries.types[entry])
  }

  #firstChildOf(entry: number): number {
    return firstSelected(this.#plan, this.#plan.chains.firstChildren[entry] ?? -1)
  }
}
