/** Whether trees before and after differ only where they must. */
import { ScanError } from '../../model/errors.ts'
import { zFields } from '../../git/commands/path.ts'
import { type GitCall, readGit, startGit } from '../../git/commands/run.ts'
import type { CommitMap } from './filter.ts'
import type { FilterData } from './filter-callbacks.ts'

/** What was found by going through the trees of all commits, before and after. */
export interface TreeComparison {
  readonly commits: number
  /** Commits whose trees differ at all. */
  readonly changed: number
  /** Paths at which another blob stands, each once a commit. */
  readonly replaced: number
  /** Names of the paths that are gone, each once. */
  readonly removed: readonly string[]
  /** Paths that differ in another way than was asked for; there must be none. */
  readonly wrong: readonly string[]
}

/** A path of which it is enough to know that it is one of many. */
const MAX_NAMED = 20

/** Compares path by path. Both histories have to be in the store. */
export async function compareTrees(
  call: GitCall,
  map: CommitMap,
  data: FilterData,
): Promise<TreeComparison> {
  const pairs = [...map]
  const before = await treesOf(
    call,
    pairs.map(([old]) => old),
  )
  const after = await treesOf(
    call,
    pairs.map(([, fresh]) => fresh),
  )
  const differing = pairs.flatMap((_, at) =>
    before[at] === after[at] ? [] : [`${before[at] ?? ''} ${after[at] ?? ''}\n`],
  )
  const tally = new ChangeTally(data)
  const git = startGit({
    ...call,
    args: ['diff-tree', '--stdin', '-r', '--raw', '-z', '--no-renames', '--no-abbrev'],
    input: differing,
  })
  for await (const [meta, path] of changesOf(git.stdout)) tally.add(meta, path)
  const failure = await git.failure
  if (failure !== undefined) throw new ScanError(`git diff-tree failed: ${failure}`)
  return { commits: pairs.length, changed: differing.length, ...tally.result() }
}

async function treesOf(call: GitCall, commits: readonly string[]): Promise<readonly string[]> {
  const input = commits.map((commit) => `${commit}^{tree}\n`)
  const trees = (
    await readGit({ ...call, args: ['cat-file', '--batch-check=%(objectname)', '--buffer'], input })
  )
    .toString('latin1')
    .trimEnd()
    .split('\n')
  if (
    commits.length > 0 &&
    (trees.length !== commits.length || trees.some((tree) => !/^[0-9a-f]{40}$/.test(tree)))
  )
    throw new ScanError('a commit has no tree that could be compared')
  return trees
}

/**
 * `<tree> <tree>⏎:100644 100644 3b18e51… d95f3ad… M\0src/a.ts\0:…`, where trees without a change
 * leave nothing but their own line.
 */
async function* changesOf(
  output: AsyncIterable<Buffer>,
): AsyncGenerator<readonly [meta: string, path: Buffer]> {
  let rest: Buffer = Buffer.alloc(0)
  let meta: string | undefined
  for await (const chunk of output) {
    const bytes = Buffer.concat([rest, chunk])
    const end = bytes.lastIndexOf(0) + 1
    rest = bytes.subarray(end)
    for (const field of zFields(bytes.subarray(0, end))) {
      if (meta === undefined) {
        const text = field.toString('latin1')
        meta = text.slice(text.lastIndexOf('\n') + 1)
      } else {
        yield [meta, field]
        meta = undefined
      }
    }
  }
}

class ChangeTally {
  readonly #data: FilterData
  readonly #paths: readonly string[]
  readonly #fresh: ReadonlySet<string>
  readonly #removed = new Set<string>()
  readonly #wrong = new Set<string>()
  #replaced = 0

  constructor(data: FilterData) {
    this.#data = data
    this.#paths = data.paths.map((path) => Buffer.from(path, 'hex').toString('latin1'))
    this.#fresh = new Set(Object.values(data.blobs).flatMap((id) => id ?? []))
  }

  /** `:100644 100644 3b18e51… d95f3ad… M` and a path. */
  add(meta: string, bytes: Buffer): void {
    const [oldMode = '', mode = '', oldId = '', id = '', status = ''] = meta.slice(1).split(' ')
    const path = bytes.toString('latin1')
    const asked = this.#data.blobs[oldId]
    if (status === 'M' && oldMode === mode && asked === id) this.#replaced += 1
    else if (status === 'D' && (asked === null || this.#isRemoved(path))) this.#removed.add(path)
    else if (!this.#isRenamed(path, status, id)) this.#wrong.add(path)
  }

  result(): Pick<TreeComparison, 'replaced' | 'removed' | 'wrong'> {
    return { replaced: this.#replaced, removed: named(this.#removed), wrong: named(this.#wrong) }
  }

  #isRemoved(path: string): boolean {
    return this.#paths.some((one) => path === one || path.startsWith(`${one}/`))
  }

  /** A name that held a secret goes, and one without it comes. */
  #isRenamed(path: string, status: string, id: string): boolean {
    const names = this.#data.names.map(
      ([old, fresh]) =>
        [
          Buffer.from(old, 'hex').toString('latin1'),
          Buffer.from(fresh, 'hex').toString('latin1'),
        ] as const,
    )
    if (status === 'D') return names.some(([old]) => path.includes(old))
    return (
      status === 'A' &&
      names.some(([, fresh]) => path.includes(fresh)) &&
      (this.#fresh.has(id) || this.#data.blobs[id] === undefined)
    )
  }
}

/** The first of them, as text. */
function named(paths: ReadonlySet<string>): readonly string[] {
  return Array.from(paths, (path) => Buffer.from(path, 'latin1').toString('utf8'))
    .toSorted()
    .slice(0, MAX_NAMED)
}
