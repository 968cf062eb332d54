import { CONTENT } from './history/entries.ts'
import { NOTHING } from './index/entry-sets.ts'
import { ABSENT, type Trees } from './history/trees.ts'

const UNSEEN = 0
const OPEN = 1
const LEADS = 2
const DEAD = 3

/** Which sets of entries lead to a wanted object, through however many folders. */
export class FolderReachability {
  /** Trees that folders lead to and that nobody gave. */
  readonly absent = new Set<number>()
  readonly #trees: Trees
  readonly #state: Uint8Array

  constructor(trees: Trees) {
    this.#trees = trees
    this.#state = new Uint8Array(trees.sets.limit)
    this.#state[NOTHING] = DEAD
  }

  /** Walks without calling itself: how deep folders lie is the repository's choice. */
  has(root: number): boolean {
    const known = this.#state[root]
    if (known === LEADS || known === DEAD) return known === LEADS
    const stack = [root]
    for (let set = stack.at(-1); set !== undefined; set = stack.at(-1)) {
      if (this.#state[set] === UNSEEN) {
        this.#state[set] = OPEN
        this.#below(set, (below) => this.#state[below] === UNSEEN && stack.push(below))
      } else {
        stack.pop()
        if (this.#state[set] === OPEN) this.#close(set)
      }
    }
    return this.#state[root] === LEADS
  }

  #close(set: number): void {
    let leads = false
    this.#below(
      set,
      (below) => (leads ||= this.#state[below] === LEADS),
      () => (leads = true),
    )
    this.#state[set] = leads ? LEADS : DEAD
  }

  #below(set: number, onSet: (set: number) => void, onWanted: () => void = () => undefined): void {
    const { entries, sets } = this.#trees
    sets.each(set, onSet, (entry) => {
      if (entries.kindOf(entry) !== CONTENT) return onWanted()
      const content = this.#trees.contentOf(entries.targetOf(entry))
      if (content === ABSENT) this.absent.add(entries.targetOf(entry))
      else onSet(content)
    })
  }
}
