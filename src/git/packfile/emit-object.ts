/**
 * The interface that both pack walkers implement, and the step from a visited entry to an object
 * that the reader emits.
 */
import type { GitObject } from '../objects/objects.ts'
import { windowsIn } from '../objects/windows.ts'
import { sizeSkip } from '../../model/limits.ts'
import type { Skip } from '../../model/model.ts'
import { type Entries, kindOf } from './plan/entries.ts'
import type { IdTable } from './id-table.ts'
import type { Kernel, Region } from './walk/kernel.ts'
import { isSelected, type SelectedChains, selectedInSubtree } from './selection.ts'
import type { FilterSession } from './walk/filter-session.ts'

/** Larger objects, and those based on them, are left to git, which streams them. */
export const MAX_OBJECT_BYTES = 96 << 20

/** The entries of a store, and which of them to read. */
export interface WalkPlan extends SelectedChains {
  readonly entries: Entries
  readonly ids: IdTable
  /** IDs with numbers below this one are of objects in packs. */
  readonly packedCount: number
}

/** Everything a walker needs besides its plan. */
export interface WalkContext {
  readonly kernel: Kernel
  /** File descriptors of the open packs, in the order of `Entries.packStarts`. */
  readonly packFds: readonly number[]
  /**
   * With a session, a walker returns only objects in which its filter finds something, and the
   * sizes of blobs larger than `maxBlobBytes`. Without one it returns every selected object.
   */
  readonly session: FilterSession | undefined
  readonly maxBlobBytes: number
  /** Whether the walker logs how trees and commits differ, for attribution. */
  readonly logsTreeDiffs: boolean
}

/** An entry that was visited, with its content when the reader is to emit it. */
export interface VisitResult {
  readonly entry: number
  readonly content: Region | undefined
  readonly size: number
}

/** Walks delta chains: visits the entries of each from the root down. */
export interface PackWalker {
  /** Starts with a root entry. Call it after `next` has returned undefined. */
  begin(root: number): void
  /**
   * Returns the next entry that may have to be emitted, which most are not; undefined at the end of
   * the chain. The content is valid until the next call.
   */
  next(): VisitResult | undefined
  /** Returns the IDs of objects that could not be read since the last call. */
  takeUnreadIds(): readonly string[]
  /**
   * Returns the tree diff log of the visited trees and commits, in the format of
   * src/git/objects/tree-diff-log.ts. It may lack some of them.
   */
  takeTreeDiffs(): readonly Uint8Array<ArrayBuffer>[]
}

/**
 * Emits the object just visited when the plan selects it, or a skip when it is a blob that is too
 * large. The bytes are valid until the next visit.
 */
export function* emitObject(
  { entry, content, size }: VisitResult,
  plan: WalkPlan,
  { kernel, maxBlobBytes }: Pick<WalkContext, 'kernel' | 'maxBlobBytes'>,
): Generator<GitObject | Skip> {
  const kind = kindOf(plan.entries.types[entry])
  if (!isSelected(plan.selection[entry]) || (content === undefined && size <= maxBlobBytes)) return
  const id = plan.ids.idOf(plan.entries.idNumbers[entry] ?? 0)
  const skip = kind === 'blob' ? sizeSkip(size, maxBlobBytes, { object: id }) : undefined
  if (skip !== undefined) yield skip
  else if (content !== undefined)
    for (const { start, bytes, last } of windowsIn(
      kernel.memory().subarray(content.from, content.to),
    ))
      yield { id, kind, size, start, bytes, last }
}

/** Returns the IDs of an entry and of all entries based on it, as far as the plan selects them. */
export function* idsBelow(plan: WalkPlan, entry: number): Generator<string> {
  for (const selected of selectedInSubtree(plan, entry))
    yield plan.ids.idOf(plan.entries.idNumbers[selected] ?? 0)
}
