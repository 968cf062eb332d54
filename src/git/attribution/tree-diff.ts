import { repoPath } from '../commands/path.ts'
import type { RepoPath } from '../../model/model.ts'
import { CONTENT } from './history/entries.ts'
import { NOTHING } from './index/entry-sets.ts'
import type { FolderReachability } from './folder-reachability.ts'
import { ABSENT, type Trees } from './history/trees.ts'

const SLASH = Buffer.from('/')

/** A wanted object, by its number, at a path. */
export interface TreeDiff {
  readonly wanted: number
  readonly path: RepoPath
}

/** A folder to compare with what the parents of a commit have by its name. */
interface Folder {
  readonly set: number
  readonly others: readonly number[]
  readonly path: Path | undefined
}

/** A name within folders. */
interface Path {
  readonly name: number
  readonly within: Path | undefined
}

/**
 * The wanted objects of a tree that differ, as object, name or kind, from what is there in each of
 * the other trees. What is equal in one of them is not looked into, so the cost is that of the
 * difference.
 */
export function* treeDiff(
  trees: Trees,
  leads: FolderReachability,
  set: number,
  others: readonly number[],
): Generator<TreeDiff> {
  const { entries, sets } = trees
  const folders: Folder[] = [{ set, others, path: undefined }]
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of sets.fresh(folder.set, folder.others, (part) => leads.has(part))) {
      const path = { name: entries.nameOf(entry), within: folder.path }
      if (entries.kindOf(entry) === CONTENT) {
        const content = trees.contentOf(entries.targetOf(entry))
        if (content !== ABSENT)
          folders.push({
            set: content,
            others: folder.others.map((other) => contentBy(trees, other, path.name)),
            path,
          })
      } else {
        yield { wanted: entries.targetOf(entry), path: textOf(path, trees) }
      }
    }
  }
}

/** What a set has in the folder of this name. */
function contentBy(trees: Trees, set: number, name: number): number {
  const { entries, sets } = trees
  const entry = sets.find(set, name, (one) => entries.kindOf(one) === CONTENT)
  const content = entry < 0 ? ABSENT : trees.contentOf(entries.targetOf(entry))
  return content === ABSENT ? NOTHING : content
}

function textOf(path: Path, { names }: Trees): RepoPath {
  const parts: Buffer[] = []
  for (let part: Path | undefined = path; part !== undefined; part = part.within)
    parts.push(names.bytesOf(part.name), SLASH)
  return repoPath(Buffer.concat(parts.slice(0, -1).reverse()))
}
