/**
 * Compares the tree of a commit with its parents' trees. Each pair of folders is compared once, at
 * whatever number of paths it stands: `git diff-tree` visits every path, and folders within folders
 * can have 10^10.
 */
import type { RepoPath, Skip } from '../../model/model.ts'
import { Turns } from '../../model/turns.ts'
import type { RawChange } from '../commands/diff-raw.ts'
import { commitLinks } from './commit.ts'
import {
  changesIn,
  countPaths,
  type FolderPair,
  markRepeated,
  pathOf,
  type TreePair,
} from './folder-pairs.ts'
import type { ObjectReader } from './objects.ts'
import { type TreeEntry, treeEntries } from './tree.ts'

/** The limit of git itself, `core.maxTreeDepth`. */
const MAX_DEPTH = 2048

/** The most pairs of folders that are compared for one commit. */
const MAX_PAIRS = 200_000

/** Pairs whose trees are in memory at a time. */
const PAIRS_PER_READ = 64

/** The reader of trees, the length of ids, and the signal that ends a comparison. */
export interface CompareContext {
  readonly reader: ObjectReader
  readonly idBytes: number
  readonly signal: AbortSignal
}

/** Differences between a tree and all of its parents. */
export interface ComparedTrees {
  /** Added and changed files, each once for a pair of folders, at one of its paths. */
  readonly changes: readonly RawChange[]
  /** Number of paths at which files were added, changed or removed. */
  readonly paths: number
  readonly skips: readonly Skip[]
}

/** Compares a commit with its parents. A parent that is not in the store has no tree. */
export async function compareCommit(
  commit: string,
  context: CompareContext,
): Promise<ComparedTrees> {
  const [tree, ...parents] = (await readLinks([commit], context)).get(commit) ?? []
  if (tree === undefined) return { changes: [], paths: 0, skips: [] }
  const links = parents.length === 0 ? undefined : await readLinks(parents, context)
  const trees = parents.flatMap((parent) => links?.get(parent)?.[0] ?? [])
  return compareTrees(commit, { tree, parents: trees }, context)
}

/** Lists the files in the tree of a commit, as if all of them were new. */
export async function listFilesOf(commit: string, context: CompareContext): Promise<ComparedTrees> {
  const [tree] = (await readLinks([commit], context)).get(commit) ?? []
  return tree === undefined
    ? { changes: [], paths: 0, skips: [] }
    : compareTrees(commit, { tree, parents: [] }, context)
}

/** Compares a tree with other trees; without any, every file is new. */
export function compareTrees(
  commit: string,
  pair: TreePair,
  context: CompareContext,
): Promise<ComparedTrees> {
  return new TreeComparison(commit, context).run(pair)
}

/** Reads the ids of the tree and the parents of commits. */
async function readLinks(
  commits: readonly string[],
  { reader, idBytes, signal }: CompareContext,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const links = new Map<string, readonly string[]>()
  const id = new RegExp(`.{${2 * idBytes}}`, 'g')
  for await (const batch of reader.readObjects(commits, signal)) {
    for (const object of batch) {
      if ('outcome' in object || object.kind !== 'commit' || object.start > 0) continue
      const ids = Buffer.from(commitLinks(object.bytes, idBytes) ?? []).toString('hex')
      links.set(object.id, ids.match(id) ?? [])
    }
  }
  return links
}

/** The comparison of one commit, one level of folders at a time. */
class TreeComparison {
  readonly #commit: string
  readonly #context: CompareContext
  readonly #pairs = new Map<string, FolderPair>()
  readonly #skips: Skip[] = []
  readonly #turns = new Turns()
  #nextLevel: FolderPair[] = []

  constructor(commit: string, context: CompareContext) {
    this.#commit = commit
    this.#context = context
  }

  async run(trees: TreePair): Promise<ComparedTrees> {
    const root = this.#pairOf(trees)
    for (let depth = 0; this.#nextLevel.length > 0; depth += 1) {
      if (this.#context.signal.aborted) break
      if (depth > MAX_DEPTH || this.#pairs.size > MAX_PAIRS) {
        const detail = 'its folders are nested too deep or too often to be compared'
        const skip = { outcome: 'failed', reason: 'too-large', detail } as const
        this.#skips.push({ ...skip, object: this.#commit })
        break
      }
      await this.#compareLevel(this.#nextLevel.splice(0))
    }
    markRepeated(root)
    const changes = [...this.#pairs.values()].flatMap(changesIn)
    return { changes, paths: countPaths(root), skips: this.#skips }
  }

  async #compareLevel(pairs: readonly FolderPair[]): Promise<void> {
    for (let at = 0; at < pairs.length; at += PAIRS_PER_READ) {
      const some = pairs.slice(at, at + PAIRS_PER_READ)
      const trees = await this.#readTrees(some)
      for (const pair of some) {
        await this.#compareFolders(pair, trees)
      }
    }
  }

  /** Reads the trees of some pairs, each once. */
  async #readTrees(pairs: readonly TreePair[]): Promise<ReadonlyMap<string, Buffer>> {
    const { reader, signal } = this.#context
    const ids = new Set(
      pairs.flatMap(({ tree, parents }) => [...(tree === NO_TREE ? [] : [tree]), ...parents]),
    )
    const trees = new Map<string, Buffer>()
    for await (const batch of reader.readObjects([...ids], signal)) {
      for (const object of batch) {
        if ('outcome' in object) this.#skips.push(object)
        else if (object.kind === 'tree') {
          const known = trees.get(object.id) ?? NO_BYTES
          // Windows of a large tree may overlap.
          const added = object.bytes.subarray(known.length - object.start)
          trees.set(object.id, Buffer.concat([known, added]))
        }
      }
    }
    return trees
  }

  /** Compares the entries of a folder with those of the same names in the parents. */
  async #compareFolders(pair: FolderPair, trees: ReadonlyMap<string, Buffer>): Promise<void> {
    const { idBytes } = this.#context
    const parents = pair.parents.map((parent) => {
      const entries = treeEntries(trees.get(parent) ?? NO_BYTES, idBytes)
      return new Map(Array.from(entries, (entry) => [entry.name.toString('latin1'), entry]))
    })
    const names = new Set<string>()
    for (const entry of treeEntries(trees.get(pair.tree) ?? NO_BYTES, idBytes)) {
      if (this.#turns.isOver) await this.#turns.next()
      const name = entry.name.toString('latin1')
      names.add(name)
      const old = parents.map((entries) => entries.get(name))
      if (old.some((each) => each?.id === entry.id && each.mode === entry.mode)) continue
      if (isFolder(entry)) {
        const folders = old.flatMap((each) => (each !== undefined && isFolder(each) ? each.id : []))
        const child = { tree: entry.id, parents: folders }
        pair.folders.push(this.#pairOf(child, Buffer.from(entry.name), pair))
      } else {
        pair.files.push(changeOf(this.#commit, entry, old, pathOf(entry.name, pair)))
        if (old.every((each) => each !== undefined && isFolder(each)))
          this.#compareRemoved(pair, old)
      }
    }
    for (const name of parents[0]?.keys() ?? [])
      if (!names.has(name))
        this.#compareRemoved(
          pair,
          parents.map((entries) => entries.get(name)),
        )
  }

  /** Counts what a folder lacks that all parents have at one name. */
  #compareRemoved(pair: FolderPair, old: readonly (TreeEntry | undefined)[]): void {
    const entries = old.flatMap((each) => each ?? [])
    const [first] = entries
    if (first === undefined || entries.length < old.length) return
    const folders = entries.filter(isFolder).map(({ id }) => id)
    if (folders.length === old.length)
      pair.folders.push(
        this.#pairOf({ tree: NO_TREE, parents: folders }, Buffer.from(first.name), pair),
      )
    else if (folders.length === 0) pair.removed += 1
  }

  /** Returns a pair, which is added to the next level when it is new. */
  #pairOf(trees: TreePair, name?: Buffer, within?: FolderPair): FolderPair {
    const key = [trees.tree, ...trees.parents].join(' ')
    const known = this.#pairs.get(key)
    if (known !== undefined) {
      known.isRepeated = true
      return known
    }
    const pair: FolderPair = {
      ...trees,
      name,
      within,
      folders: [],
      files: [],
      removed: 0,
      isRepeated: false,
      paths: undefined,
    }
    this.#pairs.set(key, pair)
    this.#nextLevel.push(pair)
    return pair
  }
}

const NO_BYTES = Buffer.alloc(0)

/** The id of a folder that a commit lacks. */
const NO_TREE = ''

function isFolder({ mode }: TreeEntry): boolean {
  return kindOfMode(mode) === '04'
}

/** Returns the kind in the mode of an entry: `04` of `40000` and `040000`. */
function kindOfMode(mode: string): string {
  return mode.padStart(6, '0').slice(0, 2)
}

/** Returns a change as git reports it, without renames. */
function changeOf(
  commit: string,
  entry: TreeEntry,
  old: readonly (TreeEntry | undefined)[],
  path: RepoPath,
): RawChange {
  const files = old.map((each) => (each === undefined || isFolder(each) ? undefined : each))
  return {
    commit,
    mode: entry.mode.padStart(6, '0'),
    id: entry.id,
    oldIds: [...new Set(files.flatMap((each) => each?.id ?? []))],
    status:
      files.length === 0 ? 'A' : files.map((each) => (each === undefined ? 'A' : 'M')).join(''),
    path,
  }
}
