import type { Ref } from '../commands/refs.ts'
import type { Lookup } from './commit-details.ts'
import type { Commits } from './history/commits.ts'
import type { RefList } from './ref-list.ts'
import { objectsWithin } from './refs.ts'

/** Sets of commits are asked about together, one a bit. */
const SETS_AT_ONCE = 32

/** Which refs lead to what. */
export class CommitGraph {
  readonly #refs: readonly Ref[]
  readonly #commits: Commits
  /** For each ref the commits its name stands for. */
  readonly #tips: readonly (readonly number[])[]

  constructor(refs: readonly Ref[], commits: Commits) {
    this.#refs = refs
    this.#commits = commits
    this.#tips = refs.map(({ ids }) => ids.flatMap((id) => commits.find(id) ?? []))
  }

  /**
   * For each set of object names, the refs whose history holds at least one: a bit each, in their
   * order.
   */
  refsHolding(sets: readonly ReadonlySet<string>[]): readonly Uint8Array[] {
    const holding: Uint8Array[] = []
    for (let from = 0; from < sets.length; from += SETS_AT_ONCE)
      holding.push(...this.#ask(sets.slice(from, from + SETS_AT_ONCE)))
    return holding
  }

  /** Whether a commit is of HEAD's history. */
  headHistory(): (id: string) => boolean {
    const reached = this.#commits.reachedFrom(
      this.#refs.flatMap(({ name }, at) => (name === 'HEAD' ? (this.#tips[at] ?? []) : [])),
    )
    return (id) => reached[this.#commits.find(id) ?? -1] === 1
  }

  /** How far from the beginning a commit is: parents are before children. */
  ranks(): (id: string) => number {
    const ranks = new Int32Array(this.#commits.limit)
    const order = this.#commits.inOrder()
    for (let place = 0; place < order.length; place += 1) ranks[order[place] ?? 0] = place
    return (id) => ranks[this.#commits.find(id) ?? -1] ?? 0
  }

  /** For each set a bit a ref: does it hold some of it? */
  #ask(sets: readonly ReadonlySet<string>[]): readonly Uint8Array[] {
    const bits = new Int32Array(this.#commits.limit)
    const named = new Map<string, number>()
    sets.forEach((set, bit) => {
      for (const id of set) {
        named.set(id, (named.get(id) ?? 0) | (1 << bit))
        const commit = this.#commits.find(id)
        if (commit !== undefined) bits[commit] = (bits[commit] ?? 0) | (1 << bit)
      }
    })
    this.#commits.inherit(bits)
    const held = Int32Array.from(this.#refs, ({ ids }, at) => {
      const tips = (this.#tips[at] ?? []).reduce((all, tip) => all | (bits[tip] ?? 0), 0)
      return ids.reduce((all, id) => all | (named.get(id) ?? 0), tips)
    })
    return sets.map((_, bit) => {
      const answer = new Uint8Array(Math.ceil(held.length / 8))
      for (let at = 0; at < held.length; at += 1)
        answer[at >>> 3] = (answer[at >>> 3] ?? 0) | ((((held[at] ?? 0) >>> bit) & 1) << (at & 7))
      return answer
    })
  }
}

/** Reads the trees to which some refs lead without a commit. */
export async function graphOfRefs(
  { refs, former }: Pick<RefList, 'refs' | 'former'>,
  commits: Commits,
  idBytes: number,
  lookup: Lookup,
): Promise<CommitGraph> {
  const trees = new Map(
    refs.flatMap((ref) => {
      const [end] = ref.ids.some((id) => commits.find(id) !== undefined)
        ? []
        : ref.ids.slice(0, 2).reverse()
      return end === undefined ? [] : [[ref, end] as const]
    }),
  )
  const within = await objectsWithin([...trees.values()], idBytes, lookup)
  const whole = refs.map((ref): Ref => {
    const tree = trees.get(ref)
    return tree === undefined
      ? ref
      : { name: ref.name, ids: [...new Set([...ref.ids, ...within(tree)])] }
  })
  return new CommitGraph([...whole, ...former], commits)
}
