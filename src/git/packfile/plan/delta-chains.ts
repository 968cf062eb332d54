import { type Entries, EntryType } from './entries.ts'
import type { PlanMemory } from './plan-memory.ts'

/** Entries as trees: whole objects are the roots, and below them, level by level, their deltas. */
export interface DeltaChains {
  /** Entries that are whole objects, in the order of the packs. */
  readonly roots: Int32Array
  /** For each entry the first one that is based on it; -1 for none. */
  readonly firstChildren: Int32Array
  /**
   * For each entry the next one with the same base; -1 for none. The heaviest of them comes last,
   * so that little is in memory when it is read.
   */
  readonly nextSiblings: Int32Array
  /** For each entry the bytes of its content and of all entries below it. */
  readonly weights: Float64Array
}

/** Bytes that `allocateDeltaChains` takes for each entry. */
export const CHAIN_ENTRY_BYTES = 20

/** Allocates the arrays of delta chains, with room for as many roots as entries. */
export function allocateDeltaChains({ allocate }: PlanMemory, count: number): DeltaChains {
  return {
    roots: allocate(Int32Array, count),
    firstChildren: allocate(Int32Array, count),
    nextSiblings: allocate(Int32Array, count),
    weights: allocate(Float64Array, count),
  }
}

/**
 * Links entries by their bases, in the arrays of `room`, and sets the types of deltas.
 * Entries that lead to no root keep type 0: their base is missing, or they are based on each other
 * in a circle.
 */
export function linkDeltaChains(entries: Entries, room: DeltaChains): DeltaChains {
  const { firstChildren, nextSiblings, weights } = room
  firstChildren.fill(-1)
  nextSiblings.fill(-1)
  weights.fill(0)
  linkSiblings(entries, room)
  const rootCount = addUpWeights(entries, room)
  for (let base = 0; base < entries.count; base += 1) {
    const first = firstChildren[base] ?? -1
    if (first >= 0 && (nextSiblings[first] ?? -1) >= 0) moveHeaviestLast(room, base)
  }
  return { ...room, roots: room.roots.subarray(0, rootCount) }
}

/** Links each entry with the first one based on it, and with the next one of the same base. */
function linkSiblings({ count, bases }: Entries, room: DeltaChains): void {
  const { firstChildren, nextSiblings } = room
  for (let entry = count - 1; entry >= 0; entry -= 1) {
    const base = bases[entry] ?? 0
    if (base < 0) continue
    nextSiblings[entry] = firstChildren[base] ?? -1
    firstChildren[base] = entry
  }
}

/**
 * Visits entries from the roots down for their types, and back for their weights; `room.roots`
 * holds the order. Returns the number of roots, which come first in it.
 */
function addUpWeights({ count, bases, types, sizes }: Entries, room: DeltaChains): number {
  const { roots: order, firstChildren, nextSiblings, weights } = room
  let reached = 0
  for (let entry = 0; entry < count; entry += 1)
    if (types[entry] !== EntryType.none) order[reached++] = entry
  const rootCount = reached
  for (let at = 0; at < reached; at += 1) {
    const base = order[at] ?? 0
    for (let child = firstChildren[base] ?? -1; child >= 0; child = nextSiblings[child] ?? -1) {
      types[child] = types[base] ?? 0
      order[reached++] = child
    }
  }
  for (let at = reached - 1; at >= 0; at -= 1) {
    const entry = order[at] ?? 0
    weights[entry] = (weights[entry] ?? 0) + (sizes[entry] ?? 0)
    const base = bases[entry] ?? -1
    if (base >= 0) weights[base] = (weights[base] ?? 0) + (weights[entry] ?? 0)
  }
  return rootCount
}

function moveHeaviestLast(
  { firstChildren, nextSiblings, weights }: DeltaChains,
  base: number,
): void {
  let [last, heaviest, beforeHeaviest] = [-1, -1, -1]
  for (let child = firstChildren[base] ?? -1; child >= 0; child = nextSiblings[child] ?? -1) {
    if (heaviest < 0 || (weights[child] ?? 0) >= (weights[heaviest] ?? 0))
      [heaviest, beforeHeaviest] = [child, last]
    last = child
  }
  if (heaviest === last) return
  const afterHeaviest = nextSiblings[heaviest] ?? -1
  if (beforeHeaviest < 0) firstChildren[base] = afterHeaviest
  else nextSiblings[beforeHeaviest] = afterHeaviest
  nextSiblings[last] = heaviest
  nextSiblings[heaviest] = -1
}
