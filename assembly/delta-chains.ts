// Delta chains: whole entries as roots, with the deltas that build on them below. Twin:
// `linkDeltaChains` in src/git/packfile/plan/delta-chains.ts.
import {
  bases,
  f64At,
  firstChildren,
  i32At,
  nextSiblings,
  NONE,
  roots,
  setF64,
  setI32,
  sizes,
  types,
  weights,
} from './columns'
import { MAX_ITERATIONS } from './loop-parts'

/**
 * Links all entries by their bases and returns the number of roots. Behind the roots, `roots` lists
 * all other entries whose chain leads to a root.
 */
export function linkDeltaChains(count: i32): i32 {
  memory.fill(weights, 0, <usize>count << 3)
  memory.fill(firstChildren, 255, <usize>count << 2)
  memory.fill(nextSiblings, 255, <usize>count << 2)
  linkBases(count)
  let rootCount = 0
  for (let entry = 0; entry < count; entry += 1)
    if (typeOf(entry) != NONE) setI32(roots, rootCount++, entry)
  addWeights(listDescendants(0, rootCount))
  orderChildren(0, count)
  return rootCount
}

/** Links the first `count` entries, last entry first, so that siblings stand in ascending order. */
function linkBases(count: i32): void {
  const first = max(0, count - MAX_ITERATIONS)
  for (let entry = count - 1; entry >= first; entry -= 1) {
    const base = i32At(bases, entry)
    if (base < 0) continue
    setI32(nextSiblings, entry, i32At(firstChildren, base))
    setI32(firstChildren, base, entry)
  }
  if (first > 0) linkBases(first)
}

/**
 * Appends the children of the listed entries, from place `first` on, then their children, and so
 * on; gives each the type of its base. `count` entries are listed; returns the new count.
 */
function listDescendants(first: i32, count: i32): i32 {
  const last = min(first + MAX_ITERATIONS, count)
  for (let at = first; at < last; at += 1) {
    const base = i32At(roots, at)
    for (let child = i32At(firstChildren, base); child >= 0; child = i32At(nextSiblings, child)) {
      store<u8>(types + child, <u8>typeOf(base))
      setI32(roots, count++, child)
    }
  }
  return last < count ? listDescendants(last, count) : count
}

/** Adds the weight of each of the first `count` listed entries to its base, last entry first. */
function addWeights(count: i32): void {
  const first = max(0, count - MAX_ITERATIONS)
  for (let at = count - 1; at >= first; at -= 1) {
    const entry = i32At(roots, at)
    const base = i32At(bases, entry)
    const weight = f64At(weights, entry) + f64At(sizes, entry)
    setF64(weights, entry, weight)
    if (base >= 0) setF64(weights, base, f64At(weights, base) + weight)
  }
  if (first > 0) addWeights(first)
}

/** Moves the heaviest child of each entry behind its siblings. */
function orderChildren(from: i32, count: i32): void {
  const last = min(from + MAX_ITERATIONS, count)
  for (let base = from; base < last; base += 1) {
    const first = i32At(firstChildren, base)
    if (first >= 0 && i32At(nextSiblings, first) >= 0) moveHeaviestLast(base, first)
  }
  if (last < count) orderChildren(last, count)
}

// @ts-ignore: decorator
@inline
function typeOf(entry: i32): u32 {
  return load<u8>(types + entry)
}

function moveHeaviestLast(base: i32, first: i32): void {
  let end = -1
  let heaviest = -1
  let before = -1
  for (let child = first; child >= 0; child = i32At(nextSiblings, child)) {
    if (heaviest < 0 || f64At(weights, child) >= f64At(weights, heaviest)) {
      heaviest = child
      before = end
    }
    end = child
  }
  if (heaviest == end) return
  const next = i32At(nextSiblings, heaviest)
  if (before < 0) setI32(firstChildren, base, next)
  else setI32(nextSiblings, before, next)
  setI32(nextSiblings, end, heaviest)
  setI32(nextSiblings, heaviest, -1)
}
