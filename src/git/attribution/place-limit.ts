/** Bounds the places of objects: folders within folders can name one object at 10^10 paths. */

/** The most paths that are listed for one object. */
export const MAX_PATHS = 1000

/** The most paths of all objects together, besides the first path of each in each commit. */
const MAX_FURTHER_PATHS = 30_000

/**
 * Counts the paths at which each object of a history differs, and says when there are enough. Every
 * commit has at least one path of each object that it changes, since refs are found by commits.
 */
export class PlaceLimit<Key = number> {
  /** Objects with paths that did not count, and the commit with the first of them. */
  readonly refused = new Map<Key, string>()
  readonly #counts = new Map<Key, number>()
  readonly #inCommit = new Set<Key>()
  #commit = ''
  #further = 0

  startCommit(commit: string): void {
    this.#commit = commit
    this.#inCommit.clear()
  }

  /** Counts one more path of an object. Returns false, for the rest of a commit, at the limit. */
  add(object: Key): boolean {
    if (this.isReached(object)) {
      if (!this.refused.has(object)) this.refused.set(object, this.#commit)
      return false
    }
    this.#counts.set(object, (this.#counts.get(object) ?? 0) + 1)
    if (this.#inCommit.has(object)) this.#further += 1
    else this.#inCommit.add(object)
    return true
  }

  isReached(object: Key): boolean {
    return (
      this.#inCommit.has(object) &&
      ((this.#counts.get(object) ?? 0) >= MAX_PATHS || this.#further >= MAX_FURTHER_PATHS)
    )
  }
}
