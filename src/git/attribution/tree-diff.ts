/** Compares the wanted objects of trees. */
import type { RepoPath } from '../../model/model.ts'
import { repoPath } from '../commands/path.ts'
import type { FolderReachability } from './folder-reachability.ts'
import { CONTENT } from './history/entries.ts'
import { ABSENT, type Trees } from './history/trees.ts'
import { EMPTY_SET } from './index/entry-sets.ts'
import type { PlaceLimit } from './place-limit.ts'

const SLASH = Buffer.from('/')
const ELLIPSIS = Buffer.from('…')

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

/** The end of a comparison: everything below this folder was visited. */
interface FolderEnd {
  readonly key: string
  /** Number of differences that were taken before the folder was visited. */
  readonly takenBefore: number
}

/** The number of a name, and the path of the folder that contains it. */
interface EntryPath {
  readonly name: number
  readonly folder: EntryPath | undefined
}

/** Entries of one comparison before it remembers which folders hold nothing more. */
const MAX_UNREMEMBERED_ENTRIES = 10_000

/** Entries that are compared before the caller may let other work run. */
const ENTRIES_PER_PAUSE = 10_000

/** The most bytes of a path that are shown, those at its end: a tree can be nested without limit. */
const MAX_PATH_BYTES = 1 << 16

/**
 * Yields the wanted objects of a tree that differ, in object, name or kind, from the entry at the
 * same path in each of the parents' trees. Content that is equal in one of the parents is not
 * visited, so the cost depends on the size of the difference.
 *
 * Paths of an object beyond the limit are left out. A folder below which all objects have reached
 * the limit is not visited again at another path, so the cost depends on the number of different
 * folders, and not on that of paths. Files of a folder come before its folders, each in order of
 * their names. Yields undefined now and then, for the caller to let other work run.
 */
export function* treeDiff(
  trees: Trees,
  reachability: FolderReachability,
  { content, parents }: Pick<ComparedFolder, 'content' | 'parents'>,
  limit: PlaceLimit,
): Generator<TreeDiff | undefined> {
  const { entries, sets } = trees
  const exhausted = new Set<string>()
  const stack: (ComparedFolder | FolderEnd)[] = [{ content, parents, path: undefined }]
  let [work, pauseAt, taken] = [0, ENTRIES_PER_PAUSE, 0]
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if ('key' in top) {
      if (top.takenBefore === taken) exhausted.add(top.key)
      continue
    }
    if (work > MAX_UNREMEMBERED_ENTRIES) {
      const key = `${top.content} ${top.parents.join(' ')}`
      if (exhausted.has(key)) continue
      stack.push({ key, takenBefore: taken })
    }
    const { path: folder, parents: sameFolders } = top
    const changed = sets.difference(top.content, sameFolders, (set) => reachability.has(set))
    const isOpen = (entry: number): boolean => {
      const target = entries.targetOf(entry)
      if (entries.kindOf(entry) === CONTENT || !limit.isReached(target)) return true
      return limit.add(target)
    }
    const folders: ComparedFolder[] = []
    for (const entry of inOrder(changed.filter(isOpen), trees)) {
      const name = entries.nameOf(entry)
      const target = entries.targetOf(entry)
      if (entries.kindOf(entry) !== CONTENT) {
        if (!limit.add(target)) continue
        taken += 1
        yield { wanted: target, path: repoPathOf({ name, folder }, trees) }
        continue
      }
      const child = trees.contentOf(target)
      if (child === ABSENT) continue
      folders.push({
        content: child,
        parents: sameFolders.map((parent) => contentNamed(trees, parent, name)),
        path: { name, folder },
      })
    }
    for (const child of folders.reverse()) stack.push(child)
    work += 1 + changed.length
    if (work < pauseAt) continue
    pauseAt = work + ENTRIES_PER_PAUSE
    yield undefined
  }
}

/** Orders entries by name: their numbers depend on the order in which trees were read. */
function inOrder(found: readonly number[], { entries, names }: Trees): readonly number[] {
  if (found.length < 2) return found
  return found
    .map((entry) => ({ entry, name: names.bytesOf(entries.nameOf(entry)) }))
    .sort((a, b) => Buffer.compare(a.name, b.name))
    .map(({ entry }) => entry)
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
  let length = 0
  for (let part: EntryPath | undefined = path; part !== undefined; part = part.folder) {
    const name = names.bytesOf(part.name)
    length += name.length + 1
    if (length > MAX_PATH_BYTES && parts.length > 0) {
      parts.push(ELLIPSIS, SLASH)
      break
    }
    parts.push(name, SLASH)
  }
  return repoPath(Buffer.concat(parts.slice(0, -1).reverse()))
}
