import type { Families } from './families.ts'

/** Families of which only some entries are asked for. */
export interface Marked {
  readonly families: Families
  /** 1 for each entry that is asked for, 2 for one that others of those are based on, `NAMES_ONLY` for trees of another shard, 0 for all others. */
  readonly marks: Uint8Array
}

/** The mark of a tree whose names are asked for, and that is not to be counted. */
export const NAMES_ONLY = 3

/** Is an entry with this mark given to whoever reads? */
export function isAsked(mark: number | undefined): boolean {
  return mark === 1 || mark === NAMES_ONLY
}

/** Those with a mark that are based on an entry: the one to begin with, and the heaviest, which comes last; -1 for none. */
export function markedChildren({ families, marks }: Marked, entry: number): { readonly next: number; readonly last: number } {
  const { firstChildren, nextSiblings, weights } = families
  let last = -1
  for (let child = firstChildren[entry] ?? -1; child >= 0; child = nextSiblings[child] ?? -1) {
    if (marks[child] !== 0 && (last < 0 || (weights[child] ?? 0) > (weights[last] ?? 0))) last = child
  }
  const first = firstChildren[entry] ?? -1
  const next = first >= 0 && (first === last || marks[first] === 0) ? markedSibling({ families, marks }, first, last) : first
  return { next: next < 0 ? last : next, last }
}

/** The next with a mark and the same base that is not `except`. */
export function markedSibling({ families, marks }: Marked, entry: number, except: number): number {
  let child = families.nextSiblings[entry] ?? -1
  while (child >= 0 && (child === except || marks[child] === 0)) child = families.nextSiblings[child] ?? -1
  return child
}

/** An entry and all that is based on it, as far as it is asked for. */
export function* markedBelow({ families, marks }: Marked, entry: number): Generator<number> {
  const open = [entry]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (isAsked(marks[at])) yield at
    for (let child = families.firstChildren[at] ?? -1; child >= 0; child = families.nextSiblings[child] ?? -1) open.push(child)
  }
}
