import type { GitObject } from '../../objects/objects.ts'
import type { FilterStats } from '../../objects/object-filter.ts'
import type { Skip } from '../../../model/model.ts'
import { emitObject, type WalkContext, type PackWalker, type WalkPlan } from '../emit-object.ts'
import type { Kernel } from '../walk/kernel.ts'
import type { FilterSession } from '../walk/filter-session.ts'
import { Walk } from '../walk/walk.ts'
import { FastWalk } from '../walk/walk-wasm.ts'

/**
 * What all lanes of one reading share: a plan, and portions of its roots that are taken one after
 * the other.
 */
export interface SharedPlan {
  readonly plan: WalkPlan
  /** Descriptors of the packs, which threads of a process have in common. */
  readonly files: readonly number[]
  /** The first root of each portion, and behind the last one the number of roots. */
  readonly portions: Int32Array
  /** The number of the portion to take next. */
  readonly taken: Int32Array
  readonly maxBlobBytes: number
  /** Is to be noted what is seen of trees and commits? */
  readonly noting: boolean
}

/** One of those who read at the same time. */
export class ObjectReadWorker {
  readonly #shared: SharedPlan
  readonly #means: WalkContext
  readonly #visits: PackWalker

  constructor(shared: SharedPlan, kernel: Kernel, sifting: FilterSession | undefined) {
    this.#shared = shared
    if (kernel.instance !== undefined) sifting?.settleIn(kernel.instance)
    this.#means = {
      kernel,
      files: shared.files,
      sifting,
      maxBlobBytes: shared.maxBlobBytes,
      noting: shared.noting,
    }
    this.#visits = FastWalk.for(shared.plan, this.#means) ?? new Walk(shared.plan, this.#means)
  }

  /** Takes the next portion; undefined when all are taken. */
  next(): Iterable<GitObject | Skip | FilterStats> | undefined {
    const portion = Atomics.add(this.#shared.taken, 0, 1)
    const { portions } = this.#shared
    return portion + 1 < portions.length
      ? this.#read(portions[portion] ?? 0, portions[portion + 1] ?? 0)
      : undefined
  }

  /** Names of objects that are left to git, since the last call. */
  takeUnread(): readonly string[] {
    return this.#visits.takeUnread()
  }

  /** What was noted since the last call. */
  takeNotes(): readonly Uint8Array<ArrayBuffer>[] {
    return this.#visits.takeNotes()
  }

  *#read(from: number, to: number): Generator<GitObject | Skip | FilterStats> {
    const { plan } = this.#shared
    for (let at = from; at < to; at += 1) {
      this.#visits.begin(plan.families.roots[at] ?? 0)
      for (let seen = this.#visits.next(); seen !== undefined; seen = this.#visits.next())
        yield* emitObject(seen, plan, this.#means)
    }
    if (this.#means.sifting !== undefined) yield this.#means.sifting.take()
  }
}

/**
 * Of a family whose root is larger several versions are in memory at the same time: one thread
 * reads all of these, one after the other.
 */
const LARGE_BYTES = 16 << 20

/**
 * Cuts the roots into portions of about so many bytes of content; large ones that have children go
 * before all others, and are one.
 */
export function workItemsOf(
  { entries, families, marks }: Pick<WalkPlan, 'entries' | 'families' | 'marks'>,
  portionBytes: number,
  largeBytes = LARGE_BYTES,
): Int32Array {
  const { roots, firstChildren, weights } = families
  const isLarge = (root: number): boolean =>
    (entries.sizes[root] ?? 0) > largeBytes && (firstChildren[root] ?? -1) >= 0
  const large = roots.filter(isLarge)
  if (large.length > 0) roots.set([...large, ...roots.filter((root) => !isLarge(root))])
  const starts = large.length > 0 ? [0, large.length] : [0]
  let bytes = 0
  for (let at = large.length; at < roots.length; at += 1) {
    const root = roots[at] ?? 0
    if (marks[root] !== 0) bytes += weights[root] ?? 0
    if (bytes < portionBytes) continue
    starts.push(at + 1)
    bytes = 0
  }
  if (starts.at(-1) !== roots.length) starts.push(roots.length)
  const portions = new Int32Array(new SharedArrayBuffer(4 * starts.length))
  portions.set(starts)
  return portions
}
