/** Finds what a commit lacks of the trees of all its parents. */
import type { Turns } from '../../../model/turns.ts'
import type { FolderReachability } from '../folder-reachability.ts'
import { PlaceLimit } from '../place-limit.ts'
import { type TreeDiff, treeDiff } from '../tree-diff.ts'
import { ABSENT, type Trees } from './trees.ts'

interface RemovalSearch {
  readonly trees: Trees
  readonly reachability: FolderReachability
  /** The most differences from one parent. */
  readonly maxDiffs: number
  readonly turns: Turns
  readonly signal: AbortSignal
}

/**
 * Returns the wanted objects that each parent has and the commit has not, at the first paths of
 * each, or undefined when a parent has more than `maxDiffs` of them. Parents and commit are sets of
 * entries.
 */
export async function removedFromAll(
  [first = ABSENT, ...others]: readonly number[],
  content: number,
  search: RemovalSearch,
): Promise<readonly TreeDiff[] | undefined> {
  let common = await removedFrom(first, content, search)
  for (const parent of others) {
    if (common === undefined || common.length === 0) return common
    const removed = await removedFrom(parent, content, search)
    const keys = new Set(removed?.map(keyOf))
    common = removed && common.filter((diff) => keys.has(keyOf(diff)))
  }
  return common
}

async function removedFrom(
  parent: number,
  content: number,
  { trees, reachability, maxDiffs, turns, signal }: RemovalSearch,
): Promise<readonly TreeDiff[] | undefined> {
  const diffs: TreeDiff[] = []
  const compared = { content: parent, parents: [content] }
  for (const diff of treeDiff(trees, reachability, compared, new PlaceLimit())) {
    if (diff !== undefined) {
      if (diffs.push(diff) > maxDiffs) return undefined
      continue
    }
    await turns.next()
    if (signal.aborted) return diffs
  }
  return diffs
}

function keyOf({ wanted, path }: TreeDiff): string {
  return `${wanted} ${path.text}`
}
