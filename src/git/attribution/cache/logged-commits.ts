import { forEachLogged, type TreeDiffLog, wordAt } from '../../objects/tree-diff-log.ts'
import type { Commits } from '../history/commits.ts'

const WORD_BYTES = 4

/**
 * Takes what was noted of commits, and calls for each with its number and that of its tree's name.
 * Twin: `Commits.add`, by which each is read.
 */
export function addLoggedCommits(
  noted: TreeDiffLog,
  commits: Commits,
  onCommit: (commit: number, tree: number) => void,
): void {
  const { bytes: names, idBytes } = noted.ids
  /**
   * By the number of its name each commit's + 1: what it is looked up by need not be hashed again
   * for each of its children.
   */
  const numbers = new Int32Array(noted.ids.count)
  const numberOf = (name: number): number => {
    const known = numbers[name] ?? 0
    if (known > 0) return known - 1
    const number = commits.numberOf(names, name * idBytes)
    numbers[name] = number + 1
    return number
  }
  const parents: number[] = []
  forEachLogged(noted, (object, { bytes, from, to }) => {
    if (noted.kindOf(object) !== 'commit') return
    const commit = numberOf(noted.idNumberOf(object))
    parents.length = 0
    for (let at = from + WORD_BYTES; at < to; at += WORD_BYTES)
      parents.push(numberOf(wordAt(bytes, at)))
    commits.addParents(commit, parents)
    onCommit(commit, wordAt(bytes, from))
  })
}
