import type { Ref } from '../git/refs.ts'
import type { Exposure } from '../model.ts'
import type { Lookup } from './commit-details.ts'
import type { Commits } from './commits.ts'
import type { Published } from './published.ts'
import { objectsWithin } from './refs.ts'

/** Sets of commits are asked about together, one a bit. */
const SETS_AT_ONCE = 32

/** What has an object in its history. */
export interface Holders {
  /** Full names. */
  readonly refs: readonly string[]
  readonly head: boolean
  readonly exposure: Exposure
}

/** Which refs lead to what. */
export class CommitGraph {
  readonly #refs: readonly Ref[]
  /** From here on they are no refs any more, but what remotes had once. */
  readonly #former: number
  readonly #commits: Commits
  readonly #exposures: readonly Exposure[]
  /** For each ref the commits its name stands for. */
  readonly #tips: readonly (readonly number[])[]

  constructor(refs: readonly Ref[], { isTracking, former }: Published, commits: Commits) {
    this.#refs = [...refs, ...former]
    this.#former = refs.length
    this.#commits = commits
    this.#exposures = this.#refs.map(({ name }, at) => (at >= refs.length || isTracking(name) ? 'published' : exposureOf(name)))
    this.#tips = this.#refs.map(({ ids }) => ids.flatMap((id) => commits.find(id) ?? []))
  }

  /** For each set of object names, the refs whose history holds at least one. Equal answers are one object. */
  refsHolding(sets: readonly ReadonlySet<string>[]): readonly Holders[] {
    const answers = new Map<string, Holders>()
    const holders: Holders[] = []
    for (let from = 0; from < sets.length; from += SETS_AT_ONCE) {
      for (const held of this.#ask(sets.slice(from, from + SETS_AT_ONCE))) {
        const key = Buffer.from(held).toString('latin1')
        const answer = answers.get(key) ?? this.#holders(held)
        answers.set(key, answer)
        holders.push(answer)
      }
    }
    return holders
  }

  /** Whether a commit is of HEAD's history. */
  headHistory(): (id: string) => boolean {
    const reached = this.#commits.reachedFrom(this.#refs.flatMap(({ name }, at) => (name === 'HEAD' ? (this.#tips[at] ?? []) : [])))
    return (id) => reached[this.#commits.find(id) ?? -1] === 1
  }

  /** How far from the beginning a commit is: parents are before children. */
  ranks(): (id: string) => number {
    const ranks = new Int32Array(this.#commits.limit)
    const order = this.#commits.inOrder()
    for (let place = 0; place < order.length; place += 1) ranks[order[place] ?? 0] = place
    return (id) => ranks[this.#commits.find(id) ?? -1] ?? 0
  }

  #holders(held: Uint8Array): Holders {
    const refs: string[] = []
    let head = false
    let exposure: Exposure = 'local'
    for (let at = 0; at < this.#refs.length; at += 1) {
      if ((((held[at >>> 3] ?? 0) >>> (at & 7)) & 1) === 0) continue
      // What was there once is of interest only where nothing that is there says the same.
      if (at >= this.#former && exposure === 'published') break
      const name = this.#refs[at]?.name ?? ''
      if (name === 'HEAD') head = true
      else refs.push(name)
      const own = this.#exposures[at] ?? 'local'
      if (own === 'published' || exposure === 'local') exposure = own
    }
    return { refs, head, exposure }
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
      for (let at = 0; at < held.length; at += 1) answer[at >>> 3] = (answer[at >>> 3] ?? 0) | ((((held[at] ?? 0) >>> bit) & 1) << (at & 7))
      return answer
    })
  }
}

/** A branch or tag has it: the next push brings it out. Else it stays in this clone. */
function exposureOf(ref: string): Exposure {
  return /^refs\/(heads|tags)\//.test(ref) ? 'pending' : 'local'
}

/** What leads to commits, as git and the logs of refs have it. */
export interface Leading {
  readonly refs: readonly Ref[]
  readonly published: Published
}

/** Reads the trees to which some refs lead without a commit. */
export async function graphOfRefs({ refs, published }: Leading, commits: Commits, idBytes: number, lookup: Lookup): Promise<CommitGraph> {
  const trees = new Map(refs.flatMap((ref) => {
    const [end] = ref.ids.some((id) => commits.find(id) !== undefined) ? [] : ref.ids.slice(0, 2).reverse()
    return end === undefined ? [] : [[ref, end] as const]
  }))
  const within = await objectsWithin([...trees.values()], idBytes, lookup)
  const whole = refs.map((ref): Ref => {
    const tree = trees.get(ref)
    return tree === undefined ? ref : { name: ref.name, ids: [...new Set([...ref.ids, ...within(tree)])] }
  })
  return new CommitGraph(whole, published, commits)
}
