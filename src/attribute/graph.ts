import { type GitCall, readGit } from '../git/run.ts'
import { objectsWithin, readRefs, type Ref } from './refs.ts'

/** Sets of commits are asked about together, one a bit. */
const SETS_AT_ONCE = 32

/** The commits that refs lead to, parents before children. */
export class CommitGraph {
  readonly #refs: readonly Ref[]
  readonly #index = new Map<string, number>()
  readonly #parents: (readonly number[])[] = []

  constructor(refs: readonly Ref[], lines: Iterable<string>) {
    this.#refs = refs
    for (const line of lines) {
      const [commit, ...parents] = line.split(' ')
      if (commit === undefined || commit === '') continue
      this.#parents.push(parents.map((parent) => this.#index.get(parent)).filter((at) => at !== undefined))
      this.#index.set(commit, this.#parents.length - 1)
    }
  }

  /** For each set of object names, the refs whose history holds at least one: `HEAD` and full names. */
  refsHolding(sets: readonly ReadonlySet<string>[]): readonly (readonly string[])[] {
    const holders: string[][] = sets.map(() => [])
    for (let from = 0; from < sets.length; from += SETS_AT_ONCE) this.#ask(sets.slice(from, from + SETS_AT_ONCE), holders.slice(from, from + SETS_AT_ONCE))
    return holders
  }

  #ask(sets: readonly ReadonlySet<string>[], holders: readonly string[][]): void {
    const bits = new Int32Array(this.#parents.length)
    sets.forEach((set, bit) => {
      for (const id of set) {
        const at = this.#index.get(id)
        if (at !== undefined) bits[at] = (bits[at] ?? 0) | (1 << bit)
      }
    })
    this.#parents.forEach((parents, at) => {
      for (const parent of parents) bits[at] = (bits[at] ?? 0) | (bits[parent] ?? 0)
    })
    for (const ref of this.#refs) {
      const held = ref.ids.reduce((all, id) => all | (bits[this.#index.get(id) ?? -1] ?? 0), 0)
      sets.forEach((set, bit) => {
        if ((held & (1 << bit)) !== 0 || ref.ids.some((id) => set.has(id))) holders[bit]?.push(ref.name)
      })
    }
  }
}

/** Reads refs and commits. Throws ScanError when git fails. */
export async function readGraph(call: GitCall): Promise<CommitGraph> {
  const refs = await readRefs(call)
  if (refs.length === 0) return new CommitGraph([], [])
  const lines = (await readGit({ ...call, args: ['rev-list', '--topo-order', '--reverse', '--parents', '--all'] })).toString('latin1').split('\n')
  const commits = new Set(lines.map((line) => line.split(' ', 1)[0]))
  const whole: Ref[] = []
  for (const { name, ids } of refs) {
    const [tree] = ids.some((id) => commits.has(id)) ? [] : ids.slice(0, 2).reverse()
    whole.push({ name, ids: tree === undefined ? ids : [...new Set([...ids, ...(await objectsWithin(call, tree))])] })
  }
  return new CommitGraph(whole, lines)
}
