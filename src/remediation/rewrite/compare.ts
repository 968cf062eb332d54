/** Compares the trees of all commits before and after a rewrite. */
import { ScanError } from '../../model/errors.ts'
import { zFields } from '../../git/commands/path.ts'
import { type GitCall, readGit, startGit } from '../../git/commands/run.ts'
import type { CommitMap } from './filter.ts'
import type { FilterData } from './filter-callbacks.ts'

/** Differences between the trees of all commits before and after a rewrite. */
export interface TreeComparison {
  readonly commits: number
  /** Number of commits whose trees differ. */
  readonly changed: number
  /** Number of paths with a replaced blob, counted once per commit. */
  readonly replaced: number
  /** Removed paths, each once. */
  readonly removed: readonly string[]
  /** Paths that differ in a way the rewrite was not asked for; empty in a correct rewrite. */
  readonly wrong: readonly string[]
}

/** Limit for each list of paths in a comparison. */
const MAX_LISTED_PATHS = 20

/** Compares all commits of `map` path by path. The store of `call` must have both histories. */
export async function compareTrees(
  call: GitCall,
  map: CommitMap,
  data: FilterData,
): Promise<TreeComparison> {
  const pairs = [...map]
  const oldTrees = await readTreeIds(
    call,
    pairs.map(([oldCommit]) => oldCommit),
  )
  const newTrees = await readTreeIds(
    call,
    pairs.map(([, newCommit]) => newCommit),
  )
  const differing = oldTrees.flatMap((oldTree, index) => {
    const newTree = newTrees[index] ?? ''
    return oldTree === newTree ? [] : [`${oldTree} ${newTree}\n`]
  })
  const tally = new ChangeTally(data)
  const git = startGit({
    ...call,
    args: ['diff-tree', '--stdin', '-r', '--raw', '-z', '--no-renames', '--no-abbrev'],
    input: differing,
  })
  for await (const [metadata, path] of readChanges(git.stdout)) tally.add(metadata, path)
  const failure = await git.failure
  if (failure !== undefined) throw new ScanError(`git diff-tree failed: ${failure}`)
  return { commits: pairs.length, changed: differing.length, ...tally.result() }
}

async function readTreeIds(call: GitCall, commits: readonly string[]): Promise<readonly string[]> {
  const input = commits.map((commit) => `${commit}^{tree}\n`)
  const output = await readGit({
    ...call,
    args: ['cat-file', '--batch-check=%(objectname)', '--buffer'],
    input,
  })
  const trees = output.toString('latin1').trimEnd().split('\n')
  if (commits.length === 0) return []
  if (trees.length !== commits.length || trees.some((tree) => !/^[0-9a-f]{40}$/.test(tree)))
    throw new ScanError('a commit has no tree to compare')
  return trees
}

/**
 * Parses the output of `git diff-tree --stdin --raw -z`:
 * `<tree> <tree>⏎:100644 100644 3b18e51… d95f3ad… M\0src/a.ts\0:…`. A pair of equal trees yields
 * only its own line.
 */
async function* readChanges(
  output: AsyncIterable<Buffer>,
): AsyncGenerator<readonly [metadata: string, path: Buffer]> {
  let rest: Buffer = Buffer.alloc(0)
  let metadata: string | undefined
  for await (const chunk of output) {
    const bytes = Buffer.concat([rest, chunk])
    const end = bytes.lastIndexOf(0) + 1
    rest = bytes.subarray(end)
    for (const field of zFields(bytes.subarray(0, end))) {
      if (metadata === undefined) {
        const text = field.toString('latin1')
        metadata = text.slice(text.lastIndexOf('\n') + 1)
      } else {
        yield [metadata, field]
        metadata = undefined
      }
    }
  }
}

/** Sorts changed paths into replaced, removed and wrong ones. */
class ChangeTally {
  readonly #data: FilterData
  readonly #removePaths: readonly string[]
  readonly #replacedNames: readonly { readonly oldName: string; readonly newName: string }[]
  readonly #newBlobs: ReadonlySet<string>
  readonly #removed = new Set<string>()
  readonly #wrong = new Set<string>()
  #replacedCount = 0

  constructor(data: FilterData) {
    this.#data = data
    this.#removePaths = data.paths.map(hexToLatin1)
    this.#replacedNames = data.names.map(([oldName, newName]) => ({
      oldName: hexToLatin1(oldName),
      newName: hexToLatin1(newName),
    }))
    this.#newBlobs = new Set(Object.values(data.blobs).flatMap((id) => id ?? []))
  }

  /** Adds one change: `:100644 100644 3b18e51… d95f3ad… M` and its path. */
  add(metadata: string, pathBytes: Buffer): void {
    const [oldMode = '', newMode = '', oldId = '', newId = '', status = ''] = metadata
      .slice(1)
      .split(' ')
    const path = pathBytes.toString('latin1')
    const expectedId = this.#data.blobs[oldId]
    if (status === 'M' && oldMode === newMode && expectedId === newId) this.#replacedCount += 1
    else if (status === 'D' && (expectedId === null || this.#isRemovePath(path)))
      this.#removed.add(path)
    else if (!this.#isRenamed(path, status, newId)) this.#wrong.add(path)
  }

  result(): Pick<TreeComparison, 'replaced' | 'removed' | 'wrong'> {
    return {
      replaced: this.#replacedCount,
      removed: listedPaths(this.#removed),
      wrong: listedPaths(this.#wrong),
    }
  }

  #isRemovePath(path: string): boolean {
    return this.#removePaths.some(
      (removePath) => path === removePath || path.startsWith(`${removePath}/`),
    )
  }

  /** True for both halves of a rename: a name with a secret is deleted, one without it added. */
  #isRenamed(path: string, status: string, newId: string): boolean {
    if (status === 'D') return this.#replacedNames.some(({ oldName }) => path.includes(oldName))
    return (
      status === 'A' &&
      this.#replacedNames.some(({ newName }) => path.includes(newName)) &&
      (this.#newBlobs.has(newId) || this.#data.blobs[newId] === undefined)
    )
  }
}

function hexToLatin1(hex: string): string {
  return Buffer.from(hex, 'hex').toString('latin1')
}

/** Returns the first paths in order, decoded from UTF-8. */
function listedPaths(paths: ReadonlySet<string>): readonly string[] {
  return Array.from(paths, (path) => Buffer.from(path, 'latin1').toString('utf8'))
    .toSorted()
    .slice(0, MAX_LISTED_PATHS)
}
