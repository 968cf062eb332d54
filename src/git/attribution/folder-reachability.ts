/** The search for folders that lead to wanted objects. */
import { CONTENT } from './history/entries.ts'
import { ABSENT, type Trees } from './history/trees.ts'
import { EMPTY_SET } from './index/entry-sets.ts'

/** States of a set of entries during the search. */
const UNVISITED = 0
const OPEN = 1
const REACHES_WANTED = 2
const REACHES_NOTHING = 3

/** Tells which sets of entries lead to a wanted object, through any number of folders. */
export class FolderReachability {
  /** Trees that folders refer to and that are not in the store, by the numbers of their ids. */
  readonly absent = new Set<number>()
  readonly #trees: Trees
  readonly #states: Uint8Array

  constructor(trees: Trees) {
    this.#trees = trees
    this.#states = new Uint8Array(trees.sets.limit)
    this.#states[EMPTY_SET] = REACHES_NOTHING
  }

  /**
   * True when a set leads to a wanted object. Searches without recursion, since the repository
   * decides how deep its folders are.
   */
  has(root: number): boolean {
    const state = this.#states[root]
    if (state === REACHES_WANTED || state === REACHES_NOTHING) return state === REACHES_WANTED
    const stack = [root]
    for (let set = stack.at(-1); set !== undefined; set = stack.at(-1)) {
      if (this.#states[set] === UNVISITED) {
        this.#states[set] = OPEN
        this.#forEachChild(set, (child) => this.#states[child] === UNVISITED && stack.push(child))
      } else {
        stack.pop()
        if (this.#states[set] === OPEN) this.#close(set)
      }
    }
    return this.#states[root] === REACHES_WANTED
  }

  #close(set: number): void {
    let reachesWanted = false
    this.#forEachChild(
      set,
      (child) => (reachesWanted ||= this.#states[child] === REACHES_WANTED),
      () => (reachesWanted = true),
    )
    this.#states[set] = reachesWanted ? REACHES_WANTED : REACHES_NOTHING
  }

  /** Calls `onSet` for each part and each folder of a set, and `onWanted` for wanted objects. */
  #forEachChild(
    set: number,
    onSet: (child: number) => void,
    onWanted: () => void = () => undefined,
  ): void {
    const { entries, sets } = this.#trees
    sets.each(set, onSet, (entry) => {
      if (entries.kindOf(entry) !== CONTENT) return onWanted()
      const content = this.#trees.contentOf(entries.targetOf(entry))
      if (content === ABSENT) this.absent.add(entries.targetOf(entry))
      else onSet(content)
    })
  }
}
