import { type Entries, EntryType } from './entries.ts'

/** Entries as trees: what is whole at the root, and below it, level by level, what changes it. */
export interface Families {
  /** Entries that are whole, in the order of the packs. */
  readonly roots: Int32Array
  /** The first entry that is based on an entry, and the next one with the same base; -1 for none. */
  readonly firstChildren: Int32Array
  readonly nextSiblings: Int32Array
  /** Bytes of an entry and all below it. */
  readonly weights: Float64Array
}

/**
 * Joins entries by their bases and tells deltas their types. Those that lead to no root (a base that is not there, or bases
 * in a circle) keep type 0.
 */
export function joinFamilies(entries: Entries): Families {
  const { count, bases, types, sizes } = entries
  const firstChildren = new Int32Array(new SharedArrayBuffer(4 * count)).fill(-1)
  const nextSiblings = new Int32Array(new SharedArrayBuffer(4 * count)).fill(-1)
  const weights = new Float64Array(new SharedArrayBuffer(8 * count))
  let wholes = 0
  for (let entry = count - 1; entry >= 0; entry -= 1) {
    const base = bases[entry] ?? 0
    if (base >= 0) {
      nextSiblings[entry] = firstChildren[base] ?? -1
      firstChildren[base] = entry
    } else if (types[entry] !== EntryType.none) wholes += 1
  }
  const order = new Int32Array(count)
  let known = 0
  for (let entry = 0; entry < count; entry += 1) if (types[entry] !== EntryType.none) order[known++] = entry
  const roots = new Int32Array(new SharedArrayBuffer(4 * wholes))
  roots.set(order.subarray(0, wholes))
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
  return { roots, firstChildren, nextSiblings, weights }
}
