/** Compares the wanted objects of trees. */
import type { RepoPath } from '../../model/model.ts'
import { repoPath } from '../commands/path.ts'
import type { FolderReachability } from './folder-reachability.ts'
import { CONTENT } from './history/entries.ts'
import { ABSENT, type Trees } from './history/trees.ts'
import { EMPTY_SET } from './index/entry-sets.ts'

const SLASH = Buffer.from('/')

/** The number of a wanted object, and a path at which it differs. */
export interface TreeDiff {
  readonly wanted: number
  readonly path: RepoPath
}

/** A folder, and the folders of the same path in the parents' trees. */
interface ComparedFolder {
  readonly content: number
  readonly parents: readonly number[]
  readonly path: EntryPath | undefined
}

/** The number of a name, and the path of the folder that contains it. */
interface EntryPath {
  readonly name: number
  readonly folder: EntryPath | undefined
}

/**
 * Yields the wanted objects of a tree that differ, in object, name or kind, from the entry at the
 * same path in each of the parents' trees. Content that is equal in one of the parents is not
 * visited, so the cost depends on the size of the difference.
 */
export function* treeDiff(
  trees: Trees,
  reachability: FolderReachability,
  content: number,
  parents: readonly number[],
): Generator<TreeDiff> {
  const { entries, sets } = trees
  const folders: ComparedFolder[] = [{ content, parents, path: undefined }]
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const changed = sets.difference(folder.content, folder.parents, (set) => reachability.has(set))
    for (const entry of changed) {
      const path = { name: entries.nameOf(entry), folder: folder.path }
      if (entries.kindOf(entry) === CONTENT) {
        const child = trees.contentOf(entries.targetOf(entry))
        if (child !== ABSENT)
          folders.push({
            content: child,
            parents: folder.parents.map((parent) => contentNamed(trees, parent, path.name)),
            path,
          })
      } else {
        yield { wanted: entries.targetOf(entry), path: repoPathOf(path, trees) }
      }
    }
  }
}

/** Returns the content of the folder with this name in a set. */
function contentNamed(trees: Trees, set: number, name: number): number {
  const { entries, sets } = trees
  const folder = sets.find(set, name, (entry) => entries.kindOf(entry) === CONTENT)
  const content = folder < 0 ? ABSENT : trees.contentOf(entries.targetOf(folder))
  return content === ABSENT ? EMPTY_SET : content
}

function repoPathOf(path: EntryPath, { names }: Trees): RepoPath {
  const parts: Buffer[] = []
  for (let part: EntryPath | undefined = path; part !== undefined; part = part.folder)
    parts.push(names.bytesOf(part.name), SLASH)
  return repoPath(Buffer.concat(parts.slice(0, -1).reverse()))
}
