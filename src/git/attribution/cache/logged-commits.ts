/** Adds commits from the reader's log to the graph of commits. */
import { wordAt } from '../../objects/bytes.ts'
import { forEachLogged, type TreeDiffLog } from '../../objects/tree-diff-log.ts'
import type { Commits } from '../history/commits.ts'

const WORD_BYTES = 4

/**
 * Adds the commits of a log, and calls `onCommit` with each commit's number and the number of its
 * tree's id. `Commits.add` does the same for a commit that is read.
 */
export function addLoggedCommits(
  log: TreeDiffLog,
  commits: Commits,
  onCommit: (commit: number, tree: number) => void,
): void {
  const { bytes: ids, idBytes } = log.ids
  /**
   * Commit number + 1 by id number, so that an id need not be hashed again for each child of its
   * commit.
   */
  const numbers = new Int32Array(log.ids.count)
  const numberOf = (id: number): number => {
    const cached = numbers[id] ?? 0
    if (cached > 0) return cached - 1
    const number = commits.numberOf(ids, id * idBytes)
    numbers[id] = number + 1
    return number
  }
  const parents: number[] = []
  forEachLogged(log, (object, { bytes, from, to }) => {
    if (log.kindOf(object) !== 'commit') return
    const commit = numberOf(log.idNumberOf(object))
    parents.length = 0
    for (let at = from + WORD_BYTES; at < to; at += WORD_BYTES)
      parents.push(numberOf(wordAt(bytes, at)))
    commits.addParents(commit, parents)
    onCommit(commit, wordAt(bytes, from))
  })
}
