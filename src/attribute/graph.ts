import { type GitCall, readGit } from '../git/run.ts'

/** A ref and the objects its name stands for: what it points at and, for tags, what that is a tag of. */
interface Ref {
  readonly name: string
  readonly ids: readonly string[]
}

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
  const commits = await readGit({ ...call, args: ['rev-list', '--topo-order', '--reverse', '--parents', '--all'] })
  return new CommitGraph(refs, commits.toString('latin1').split('\n'))
}

/** `git show-ref --head --dereference`: `41a1…e7 refs/tags/v1` and, for what an annotated tag tags, `77c0…12 refs/tags/v1^{}`. */
async function readRefs(call: GitCall): Promise<readonly Ref[]> {
  const output = await readGit({ ...call, args: ['for-each-ref', '--count=1'] })
  const head = await readGit({ ...call, args: ['rev-parse', '--verify', '--quiet', 'HEAD'] }).catch(() => Buffer.alloc(0))
  if (output.length === 0 && head.length === 0) return []
  const lines = await readGit({ ...call, args: ['show-ref', '--head', '--dereference'] })
  const refs = new Map<string, string[]>()
  for (const line of lines.toString('utf8').split('\n')) {
    const name = line.slice(line.indexOf(' ') + 1).replace(/\^\{\}$/, '')
    if (name !== '') refs.set(name, [...(refs.get(name) ?? []), line.slice(0, line.indexOf(' '))])
  }
  return [...refs].map(([name, ids]) => ({ name, ids }))
}
