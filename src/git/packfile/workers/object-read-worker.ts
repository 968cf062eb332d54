import type { GitObject } from '../../objects/objects.ts'
import type { FilterStats } from '../../objects/object-filter.ts'
import type { Skip } from '../../../model/model.ts'
import { emitObject, type PackWalker, type WalkContext, type WalkPlan } from '../emit-object.ts'
import type { Kernel } from '../walk/kernel.ts'
import type { FilterSession } from '../walk/filter-session.ts'
import { PlainWalker } from '../walk/plain-walker.ts'
import { WasmWalker } from '../walk/wasm-walker.ts'
import { EntrySelection } from '../selection.ts'

/** A plan that several threads read together, each work item by the first thread that is free. */
export interface SharedPlan {
  readonly plan: WalkPlan
  /** File descriptors of the packs, which all threads of a process have in common. */
  readonly packFds: readonly number[]
  /** For each work item its first root, as a place in `DeltaChains.roots`; then their number. */
  readonly workItems: Int32Array
  /** One number: the next work item to take. */
  readonly nextWorkItem: Int32Array
  readonly maxBlobBytes: number
  /** Whether to log how trees and commits differ, for attribution. */
  readonly logsTreeDiffs: boolean
}

/** Reads work items of a plan, in one thread. */
export class ObjectReadWorker {
  readonly #shared: SharedPlan
  readonly #context: WalkContext
  readonly #walker: PackWalker

  /** Throws ScanError when there is too little memory. */
  constructor(shared: SharedPlan, kernel: Kernel, session: FilterSession | undefined) {
    this.#shared = shared
    if (kernel.instance !== undefined) session?.useInstance(kernel.instance)
    const { plan, packFds, maxBlobBytes, logsTreeDiffs } = shared
    this.#context = { kernel, packFds, session, maxBlobBytes, logsTreeDiffs }
    this.#walker = WasmWalker.for(plan, this.#context) ?? new PlainWalker(plan, this.#context)
  }

  /** Takes the next work item, to be read before the one after; undefined when none is left. */
  next(): Iterable<GitObject | Skip | FilterStats> | undefined {
    const { workItems, nextWorkItem } = this.#shared
    const item = Atomics.add(nextWorkItem, 0, 1)
    return item + 1 < workItems.length
      ? this.#read(workItems[item] ?? 0, workItems[item + 1] ?? 0)
      : undefined
  }

  /** Returns the IDs of objects that git has to read, since the last call. */
  takeUnreadIds(): readonly string[] {
    return this.#walker.takeUnreadIds()
  }

  /** Returns the tree diff log since the last call. */
  takeTreeDiffs(): readonly Uint8Array<ArrayBuffer>[] {
    return this.#walker.takeTreeDiffs()
  }

  *#read(from: number, to: number): Generator<GitObject | Skip | FilterStats> {
    const { plan } = this.#shared
    for (let at = from; at < to; at += 1) {
      this.#walker.begin(plan.chains.roots[at] ?? 0)
      for (let visit = this.#walker.next(); visit !== undefined; visit = this.#walker.next())
        yield* emitObject(visit, plan, this.#context)
    }
    if (this.#context.session !== undefined) yield this.#context.session.takeStats()
  }
}

/**
 * Roots with more bytes are large: several versions of such an object are in memory at the same
 * time, so one thread reads all of them.
 */
const LARGE_BYTES = 16 << 20

/**
 * Divides the roots into work items of about `bytesPerItem` of content. Large roots with deltas are
 * moved to the front, and are one item.
 */
export function workItemsOf(
  { entries, chains, selection }: Pick<WalkPlan, 'entries' | 'chains' | 'selection'>,
  bytesPerItem: number,
  largeBytes = LARGE_BYTES,
): Int32Array {
  const { roots, firstChildren, weights } = chains
  const isLarge = (root: number): boolean =>
    (entries.sizes[root] ?? 0) > largeBytes && (firstChildren[root] ?? -1) >= 0
  const large = roots.filter(isLarge)
  if (large.length > 0) roots.set([...large, ...roots.filter((root) => !isLarge(root))])
  const starts = large.length > 0 ? [0, large.length] : [0]
  let bytes = 0
  for (let at = large.length; at < roots.length; at += 1) {
    const root = roots[at] ?? 0
    if (selection[root] !== EntrySelection.skip) bytes += weights[root] ?? 0
    if (bytes < bytesPerItem) continue
    starts.push(at + 1)
    bytes = 0
  }
  if (starts.at(-1) !== roots.length) starts.push(roots.length)
  const workItems = new Int32Array(new SharedArrayBuffer(4 * starts.length))
  workItems.set(starts)
  return workItems
}
