// Entries as trees. Twin: `joinFamilies` in src/pack/families.ts.
import { AT_ONCE } from './at-once'
import { bases, f64At, firstChildren, i32At, nextSiblings, NONE, roots, setF64, setI32, sizes, types, weights } from './columns'

/**
 * Joins all entries by their bases, and gives how many roots there are; behind those stand all
 * other entries that lead to one.
 */
export function joinFamilies(count: i32): i32 {
  memory.fill(weights, 0, <usize>count << 3)
  memory.fill(firstChildren, 255, <usize>count << 2)
  memory.fill(nextSiblings, 255, <usize>count << 2)
  joinBases(count)
  let wholes = 0
  for (let entry = 0; entry < count; entry += 1) if (typeOf(entry) != NONE) setI32(roots, wholes++, entry)
  weigh(typeBelow(0, wholes))
  orderChildren(0, count)
  return wholes
}

/** Of the first `count` entries, from the last on, so that children come in their order. */
function joinBases(count: i32): void {
  const first = max(0, count - AT_ONCE)
  for (let entry = count - 1; entry >= first; entry -= 1) {
    const base = i32At(bases, entry)
    if (base < 0) continue
    setI32(nextSiblings, entry, i32At(firstChildren, base))
    setI32(firstChildren, base, entry)
  }
  if (first > 0) joinBases(first)
}

/**
 * Lists below the `known` entries, from one on, those that are based on them, and so on. Gives how
 * many are known then.
 */
function typeBelow(first: i32, known: i32): i32 {
  const last = min(first + AT_ONCE, known)
  for (let at = first; at < last; at += 1) {
    const base = i32At(roots, at)
    for (let child = i32At(firstChildren, base); child >= 0; child = i32At(nextSiblings, child)) {
      store<u8>(types + child, <u8>typeOf(base))
      setI32(roots, known++, child)
    }
  }
  return last < known ? typeBelow(last, known) : known
}

/** Adds the first `known` entries of the list to what they are based on, from the last on. */
function weigh(known: i32): void {
  const first = max(0, known - AT_ONCE)
  for (let at = known - 1; at >= first; at -= 1) {
    const entry = i32At(roots, at)
    const base = i32At(bases, entry)
    const weight = f64At(weights, entry) + f64At(sizes, entry)
    setF64(weights, entry, weight)
    if (base >= 0) setF64(weights, base, f64At(weights, base) + weight)
  }
  if (first > 0) weigh(first)
}

function orderChildren(from: i32, count: i32): void {
  const last = min(from + AT_ONCE, count)
  for (let base = from; base < last; base += 1) {
    const first = i32At(firstChildren, base)
    if (first >= 0 && i32At(nextSiblings, first) >= 0) putHeaviestLast(base, first)
  }
  if (last < count) orderChildren(last, count)
}

// @ts-ignore: decorator
@inline
function typeOf(entry: i32): u32 {
  return load<u8>(types + entry)
}

function putHeaviestLast(base: i32, first: i32): void {
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
  const behind = i32At(nextSiblings, heaviest)
  if (before < 0) setI32(firstChildren, base, behind)
  else setI32(nextSiblings, before, behind)
  setI32(nextSiblings, end, heaviest)
  setI32(nextSiblings, heaviest, -1)
}
