/** A selection of the entries of packs: one byte for each entry says whether it is read, and how. */
import type { DeltaChains } from './plan/delta-chains.ts'

/** Delta chains, and which of their entries to read. */
export interface SelectedChains {
  readonly chains: DeltaChains
  /** A value of `EntrySelection` for each entry. */
  readonly selection: Uint8Array
}

/** The ways to treat an entry. assembly/entry-records.ts has the same numbers. */
export const EntrySelection = {
  skip: 0,
  /** Emit the object. */
  emit: 1,
  /** Read it because a selected entry is based on it. */
  baseOnly: 2,
  /** Emit a tree of another shard, for the names in it, and do not count it. */
  namesOnly: 3,
} as const

/** True for an entry that is emitted. */
export function isSelected(selected: number | undefined): boolean {
  return selected === EntrySelection.emit || selected === EntrySelection.namesOnly
}

/** Returns the first entry to read among an entry and its next siblings; -1 for none. */
export function firstSelected({ chains, selection }: SelectedChains, entry: number): number {
  let sibling = entry
  while (sibling >= 0 && selection[sibling] === EntrySelection.skip)
    sibling = chains.nextSiblings[sibling] ?? -1
  return sibling
}

/** Returns the selected ones among an entry and all entries based on it. */
export function* selectedInSubtree(
  { chains, selection }: SelectedChains,
  root: number,
): Generator<number> {
  const stack = [root]
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    if (isSelected(selection[entry])) yield entry
    for (
      let child = chains.firstChildren[entry] ?? -1;
      child >= 0;
      child = chains.nextSiblings[child] ?? -1
    )
      stack.push(child)
  }
}
