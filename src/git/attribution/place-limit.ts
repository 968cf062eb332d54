/** Bounds the places of one object: folders within folders can name it at 10^10 paths. */

/** The most paths that are listed for one object. */
export const MAX_PATHS = 1000

/**
 * Counts the paths at which each object of a history differs, and says when there are enough. One path
 * more than `MAX_PATHS` counts, which tells that there are others. Every commit has at least one
 * path of each object that it changes, since refs are found by commits.
 */
export class PlaceLimit<Key = number> {
  readonly #counts = new Map<Key, number>()
  readonly #inCommit = new Set<Key>()

  startCommit(): void {
    this.#inCommit.clear()
  }

  /** True when no further path of this object counts, which stays so for the rest of a commit. */
  isReached(object: Key): boolean {
    return (this.#counts.get(object) ?? 0) > MAX_PATHS && this.#inCommit.has(object)
  }

  add(object: Key): void {
    this.#counts.set(object, (this.#counts.get(object) ?? 0) + 1)
    this.#inCommit.add(object)
  }
}
