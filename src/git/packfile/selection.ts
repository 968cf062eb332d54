import type { DeltaChains } from './plan/delta-chains.ts'

/** Families of which only some entries are asked for. */
export interface Selection {
  readonly families: DeltaChains
  /**
   * 1 for each entry that is asked for, 2 for one that others of those are based on, `NAMES_ONLY`
   * for trees of another shard, 0 for all others.
   */
  readonly marks: Uint8Array
}

/** The mark of a tree whose names are asked for, and that is not to be counted. */
export const NAMES_ONLY = 3

/** Is an entry with this mark given to whoever reads? */
export function isSelected(mark: number | undefined): boolean {
  return mark === 1 || mark === NAMES_ONLY
}

/** The first with a mark among an entry and those behind it with the same base; -1 for none. */
export function firstSelected({ families, marks }: Selection, entry: number): number {
  let one = entry
  while (one >= 0 && marks[one] === 0) one = families.nextSiblings[one] ?? -1
  return one
}

/** An entry and all that is based on it, as far as it is asked for. */
export function* selectedBelow({ families, marks }: Selection, entry: number): Generator<number> {
  const open = [entry]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (isSelected(marks[at])) yield at
    for (
      let child = families.firstChildren[at] ?? -1;
      child >= 0;
      child = families.nextSiblings[child] ?? -1
    )
      open.push(child)
  }
}
