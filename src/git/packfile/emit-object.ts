import type { GitObject } from '../objects/objects.ts'
import { windowsIn } from '../objects/windows.ts'
import { sizeSkip } from '../../model/limits.ts'
import type { Skip } from '../../model/model.ts'
import { type Entries, kindOf } from './plan/entries.ts'
import type { IdTable } from './id-table.ts'
import type { Kernel, Region } from './walk/kernel.ts'
import { isSelected, type Selection, selectedBelow } from './selection.ts'
import type { FilterSession } from './walk/filter-session.ts'

/** Larger objects, and what is based on them, are left to git, which gives them piece by piece. */
export const MAX_OBJECT_BYTES = 96 << 20

export interface WalkPlan extends Selection {
  readonly entries: Entries
  readonly names: IdTable
  /** Names below this number are those of packs. */
  readonly packed: number
}

export interface WalkContext {
  readonly kernel: Kernel
  /** Those of the open packs. */
  readonly files: readonly number[]
  /**
   * With it only objects in which something is found are given, and blobs larger than
   * `maxBlobBytes` never.
   */
  readonly sifting: FilterSession | undefined
  readonly maxBlobBytes: number
  /** Is to be noted what is seen of trees and commits? */
  readonly noting: boolean
}

/** An entry that was visited, with its content if it is to be given. */
export interface VisitResult {
  readonly entry: number
  readonly content: Region | undefined
  readonly size: number
}

/** Visits families of entries. */
export interface PackWalker {
  /** Begins with a root. */
  begin(root: number): void
  /**
   * Goes on, through the root and all that is based on it, to what may have to be given: nearly
   * nothing is. Undefined behind the last.
   */
  next(): VisitResult | undefined
  /** Names of objects that could not be read here, since the last call. */
  takeUnread(): readonly string[]
  /** What was noted of trees and commits, as src/git/noted.ts has it; that may be less than all. */
  takeNotes(): readonly Uint8Array<ArrayBuffer>[]
}

/** Gives what was visited, if it is asked for. Bytes are valid until the next visit. */
export function* emitObject(
  { entry, content, size }: VisitResult,
  plan: WalkPlan,
  { kernel, maxBlobBytes }: Pick<WalkContext, 'kernel' | 'maxBlobBytes'>,
): Generator<GitObject | Skip> {
  const kind = kindOf(plan.entries.types[entry])
  if (!isSelected(plan.marks[entry]) || (content === undefined && size <= maxBlobBytes)) return
  const id = plan.names.nameOf(plan.entries.names[entry] ?? 0)
  const skip = kind === 'blob' ? sizeSkip(size, maxBlobBytes, { object: id }) : undefined
  if (skip !== undefined) yield skip
  else if (content !== undefined)
    for (const { start, bytes, last } of windowsIn(
      kernel.memory().subarray(content.from, content.to),
    ))
      yield { id, kind, size, start, bytes, last }
}

/** Names of an entry and of all that is based on it, as far as it is asked for. */
export function* namesBelow(plan: WalkPlan, entry: number): Generator<string> {
  for (const left of selectedBelow(plan, entry))
    yield plan.names.nameOf(plan.entries.names[left] ?? 0)
}
