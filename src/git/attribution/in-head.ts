/** Tells which objects the tree of HEAD contains. */
import type { Refs } from '../commands/refs.ts'
import type { Repository } from '../commands/repository.ts'
import { type GitCall, ifGitFails, readGit } from '../commands/run.ts'

/** Some objects, and those of them that the tree of a commit contains. */
export interface HeadObjects {
  readonly commit: string
  readonly candidates: readonly string[]
  readonly held: readonly string[]
}

/**
 * Finds the objects that the tree of HEAD contains, including the tree itself with
 * `withRootTree`. Undefined before the first commit, and when git cannot read the whole tree.
 */
export type FindInHead = (
  candidates: ReadonlySet<string>,
  withRootTree: boolean,
) => Promise<HeadObjects | undefined>

/** Length of a mode such as `100644`. */
const MODE_LENGTH = 6

/**
 * Starts to list the tree of HEAD before the candidates are known, unless the cached answer is
 * about the same commit.
 */
export function prefetchHead(
  call: GitCall & Pick<Repository, 'idLength'>,
  refs: Promise<Refs>,
  cached: HeadObjects | undefined,
): FindInHead {
  const prefetched = refs.then(({ head: commit }) => {
    return commit === undefined
      ? undefined
      : { commit, list: commit === cached?.commit ? undefined : listTree(call, commit) }
  })
  // Whoever awaits the answer receives its error; without this handler it would be unhandled.
  prefetched.catch(() => {})
  return async (candidates, withRootTree) => {
    const head = await prefetched
    if (head === undefined) return undefined
    const { commit, list } = head
    const ids = [...candidates]
    if (!withRootTree && list === undefined && cached !== undefined) {
      const answered = new Set(cached.candidates)
      const held = new Set(cached.held)
      if (ids.every((id) => answered.has(id)))
        return { commit, candidates: ids, held: ids.filter((id) => held.has(id)) }
    }
    // The list of a tree does not contain the tree itself.
    const rootTree = withRootTree ? await rootTreeOf(call, commit) : ''
    const listed = await (list ?? listTree(call, commit))
    return (
      listed && {
        commit,
        candidates: ids,
        held: [
          ...objectsIn(listed, candidates, call.idLength),
          ...(candidates.has(rootTree) ? [rootTree] : []),
        ],
      }
    )
  }
}

/** Returns the id of a commit's tree, or '' when git cannot read the commit. */
async function rootTreeOf(call: GitCall, commit: string): Promise<string> {
  const args = ['rev-parse', '--verify', '--quiet', `${commit}^{tree}`]
  const output = await readGit({ ...call, args }).catch(ifGitFails(''))
  return output.toString().trim()
}

/** Lists the whole tree of a commit, or returns undefined when git cannot read all of it. */
function listTree(call: GitCall, commit: string): Promise<Buffer | undefined> {
  const args = ['ls-tree', '-r', '-t', '-z', '--full-tree', commit]
  return readGit({ ...call, args }).catch(ifGitFails(undefined))
}

/**
 * Returns the candidates in a list of fields `100644 blob 3b18e51…\tsrc/a.ts\0`. The list may
 * have tens of thousands of files, so only the ids are cut out of it.
 */
function objectsIn(
  list: Buffer,
  candidates: ReadonlySet<string>,
  idLength: number,
): ReadonlySet<string> {
  const found = new Set<string>()
  const text = list.toString('latin1')
  for (let from = 0; from < text.length; from = text.indexOf('\0', from) + 1) {
    const start = text.indexOf(' ', from + MODE_LENGTH + 1) + 1
    const id = text.slice(start, start + idLength)
    if (candidates.has(id)) found.add(id)
  }
  return found
}
