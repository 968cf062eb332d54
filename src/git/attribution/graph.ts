/** The graph of commits, and the refs whose history contains an object. */
import type { Ref } from '../commands/refs.ts'
import type { Lookup } from './commit-details.ts'
import type { Commits } from './history/commits.ts'
import type { RefList } from './ref-list.ts'
import { objectsWithin } from './refs.ts'

/** The number of sets that one pass handles: one bit of a 32-bit number each. */
const SETS_PER_PASS = 32

/** Tells which refs have which objects in their history. */
export class CommitGraph {
  readonly #refs: readonly Ref[]
  readonly #commits: Commits
  /** For each ref the commits that it points at. */
  readonly #tips: readonly (readonly number[])[]

  constructor(refs: readonly Ref[], commits: Commits) {
    this.#refs = refs
    this.#commits = commits
    this.#tips = refs.map(({ ids }) => ids.flatMap((id) => commits.find(id) ?? []))
  }

  /**
   * Returns, for each set of object ids, the refs whose history contains at least one of them: one
   * bit a ref, in the order of the refs.
   */
  refsHolding(sets: readonly ReadonlySet<string>[]): readonly Uint8Array[] {
    const holding: Uint8Array[] = []
    for (let from = 0; from < sets.length; from += SETS_PER_PASS)
      holding.push(...this.#refsHoldingPass(sets.slice(from, from + SETS_PER_PASS)))
    return holding
  }

  /** Returns a test for the commits in HEAD's history. */
  headHistory(): (id: string) => boolean {
    const reached = this.#commits.reachedFrom(
      this.#refs.flatMap(({ name }, at) => (name === 'HEAD' ? (this.#tips[at] ?? []) : [])),
    )
    return (id) => reached[this.#commits.find(id) ?? -1] === 1
  }

  /** Returns a function that ranks commits: parents rank before children. */
  ranks(): (id: string) => number {
    const ranks = new Int32Array(this.#commits.limit)
    const order = this.#commits.inOrder()
    for (let rank = 0; rank < order.length; rank += 1) ranks[order[rank] ?? 0] = rank
    return (id) => ranks[this.#commits.find(id) ?? -1] ?? 0
  }

  /** Handles as many sets as a number has bits. */
  #refsHoldingPass(sets: readonly ReadonlySet<string>[]): readonly Uint8Array[] {
    const bits = new Int32Array(this.#commits.limit)
    /** Bits of ids that need not be commits: refs may point at them directly. */
    const bitsOfId = new Map<string, number>()
    sets.forEach((set, bit) => {
      for (const id of set) {
        bitsOfId.set(id, (bitsOfId.get(id) ?? 0) | (1 << bit))
        const commit = this.#commits.find(id)
        if (commit !== undefined) bits[commit] = (bits[commit] ?? 0) | (1 << bit)
      }
    })
    this.#commits.inherit(bits)
    const held = Int32Array.from(this.#refs, ({ ids }, at) => {
      const tips = (this.#tips[at] ?? []).reduce((all, tip) => all | (bits[tip] ?? 0), 0)
      return ids.reduce((all, id) => all | (bitsOfId.get(id) ?? 0), tips)
    })
    return sets.map((_, bit) => {
      const refs = new Uint8Array(Math.ceil(held.length / 8))
      for (let at = 0; at < held.length; at += 1)
        refs[at >>> 3] = (refs[at >>> 3] ?? 0) | ((((held[at] ?? 0) >>> bit) & 1) << (at & 7))
      return refs
    })
  }
}

/** Creates the graph, and reads the trees that some refs point at without a commit. */
export async function graphOfRefs(
  { refs, former }: Pick<RefList, 'refs' | 'former'>,
  commits: Commits,
  idBytes: number,
  lookup: Lookup,
): Promise<CommitGraph> {
  const trees = new Map(
    refs.flatMap((ref) => {
      const [tree] = ref.ids.some((id) => commits.find(id) !== undefined)
        ? []
        : ref.ids.slice(0, 2).reverse()
      return tree === undefined ? [] : [[ref, tree] as const]
    }),
  )
  const within = await objectsWithin([...trees.values()], idBytes, lookup)
  const completed = refs.map((ref): Ref => {
    const tree = trees.get(ref)
    return tree === undefined
      ? ref
      : { name: ref.name, ids: [...new Set([...ref.ids, ...within(tree)])] }
  })
  return new CommitGraph([...completed, ...former], commits)
}
