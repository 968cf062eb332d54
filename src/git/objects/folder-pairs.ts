/** Pairs of folders that are compared: the folder of a commit and those of the same path in parents. */
import type { RepoPath } from '../../model/model.ts'
import type { RawChange } from '../commands/diff-raw.ts'
import { repoPath } from '../commands/path.ts'

/** The most bytes of a path that are shown, those at its end. */
const MAX_PATH_BYTES = 4096

/** A tree and the trees that it is compared with, by their ids. */
export interface TreePair {
  readonly tree: string
  readonly parents: readonly string[]
}

/** A pair of folders, at the first path at which it was seen. */
export interface FolderPair extends TreePair {
  readonly name: Buffer | undefined
  readonly within: FolderPair | undefined
  readonly folders: FolderPair[]
  /** Changed files in this folder itself. */
  readonly files: RawChange[]
  /** Number of removed files in this folder itself. */
  removed: number
  /** True when this pair stands at several paths. */
  isRepeated: boolean
  /** Changed files at all paths below; undefined until they were counted. */
  paths: number | undefined
}

/** Returns the path of a name in a folder, at the first path at which the folder was seen. */
export function pathOf(name: Buffer, within: FolderPair): RepoPath {
  const parts = [name]
  let bytes = name.length
  for (let folder: FolderPair | undefined = within; folder?.name; folder = folder.within) {
    bytes += folder.name.length + 1
    if (bytes > MAX_PATH_BYTES) {
      parts.push(ELLIPSIS)
      break
    }
    parts.push(folder.name)
  }
  return repoPath(
    Buffer.concat(parts.reverse().flatMap((part, at) => (at === 0 ? [part] : [SLASH, part]))),
  )
}

const SLASH = Buffer.from('/')
const ELLIPSIS = Buffer.from('…')

/** Marks the folders below repeated ones, which stand at several paths too. */
export function markRepeated(root: FolderPair): void {
  const visited = new Set([root])
  const repeated: FolderPair[] = []
  // The loop also visits the pairs that it adds.
  for (const pair of visited) {
    if (pair.isRepeated) repeated.push(pair)
    for (const folder of pair.folders) visited.add(folder)
  }
  for (let pair = repeated.pop(); pair !== undefined; pair = repeated.pop()) {
    for (const folder of pair.folders) {
      if (folder.isRepeated) continue
      folder.isRepeated = true
      repeated.push(folder)
    }
  }
}

export function changesIn({ files, isRepeated }: FolderPair): readonly RawChange[] {
  return isRepeated ? files.map((change) => ({ ...change, hasMorePaths: true })) : files
}

/** Counts the changed files at all paths, each pair of folders once and without recursion. */
export function countPaths(root: FolderPair): number {
  const stack = [root]
  for (let pair = stack.at(-1); pair !== undefined; pair = stack.at(-1)) {
    const uncounted = pair.folders.filter(({ paths }) => paths === undefined)
    if (pair.paths === undefined && uncounted.length > 0) {
      for (const folder of uncounted) stack.push(folder)
      continue
    }
    pair.paths ??= pair.folders.reduce(
      (sum, { paths = 0 }) => sum + paths,
      pair.files.length + pair.removed,
    )
    stack.pop()
  }
  return root.paths ?? 0
}
