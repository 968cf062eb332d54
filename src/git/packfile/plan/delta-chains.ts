import { type Entries, EntryType } from './entries.ts'
import type { PlanMemory } from './plan-memory.ts'

/** Entries as trees: what is whole at the root, and below it, level by level, what changes it. */
export interface DeltaChains {
  /** Entries that are whole, in the order of the packs. */
  readonly roots: Int32Array
  /**
   * The first entry that is based on an entry, and the next one with the same base; -1 for none.
   * The heaviest of those comes last, so that little is kept in memory for it.
   */
  readonly firstChildren: Int32Array
  readonly nextSiblings: Int32Array
  /** Bytes of an entry and all below it. */
  readonly weights: Float64Array
}

/** What `roomForFamilies` takes of each entry. */
export const CHAIN_ENTRY_BYTES = 20

/** Families of so many entries, with room for as many roots, before they are joined. */
export function allocateDeltaChains({ take }: PlanMemory, count: number): DeltaChains {
  return {
    roots: take(Int32Array, count),
    firstChildren: take(Int32Array, count),
    nextSiblings: take(Int32Array, count),
    weights: take(Float64Array, count),
  }
}

/**
 * Joins entries by their bases and tells deltas their types. Those that lead to no root (a base
 * that is not there, or bases in a circle) keep type 0.
 */
export function linkDeltaChains(entries: Entries, room: DeltaChains): DeltaChains {
  const { count, bases, types, sizes } = entries
  const { roots: order, firstChildren, nextSiblings, weights } = room
  firstChildren.fill(-1)
  nextSiblings.fill(-1)
  weights.fill(0)
  for (let entry = count - 1; entry >= 0; entry -= 1) {
    const base = bases[entry] ?? 0
    if (base >= 0) {
      nextSiblings[entry] = firstChildren[base] ?? -1
      firstChildren[base] = entry
    }
  }
  let known = 0
  for (let entry = 0; entry < count; entry += 1)
    if (types[entry] !== EntryType.none) order[known++] = entry
  const roots = order.subarray(0, known)
  for (let at = 0; at < known; at += 1) {
    const base = order[at] ?? 0
    for (let child = firstChildren[base] ?? -1; child >= 0; child = nextSiblings[child] ?? -1) {
      types[child] = types[base] ?? 0
      order[known++] = child
    }
  }
  for (let at = known - 1; at >= 0; at -= 1) {
    const entry = order[at] ?? 0
    weights[entry] = (weights[entry] ?? 0) + (sizes[entry] ?? 0)
    const base = bases[entry] ?? -1
    if (base >= 0) weights[base] = (weights[base] ?? 0) + (weights[entry] ?? 0)
  }
  const families: DeltaChains = { roots, firstChildren, nextSiblings, weights }
  for (let base = 0; base < count; base += 1) {
    const first = firstChildren[base] ?? -1
    if (first >= 0 && (nextSiblings[first] ?? -1) >= 0) putHeaviestLast(families, base)
  }
  return families
}

function putHeaviestLast(
  { firstChildren, nextSiblings, weights }: DeltaChains,
  base: number,
): void {
  let [end, heaviest, before] = [-1, -1, -1]
  for (let child = firstChildren[base] ?? -1; child >= 0; child = nextSiblings[child] ?? -1) {
    if (heaviest < 0 || (weights[child] ?? 0) >= (weights[heaviest] ?? 0))
      [heaviest, before] = [child, end]
    end = child
  }
  if (heaviest === end) return
  const behind = nextSiblings[heaviest] ?? -1
  if (before < 0) firstChildren[base] = behind
  else nextSiblings[before] = behind
  nextSiblings[end] = heaviest
  nextSiblings[heaviest] = -1
}
