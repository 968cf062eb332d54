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
 * Finds the objects that the tree of HEAD contains; the tree itself is one of them. Undefined
 * before the first commit, and when git cannot read the tree.
 */
export type FindInHead = (candidates: ReadonlySet<string>) => Promise<HeadObjects | undefined>

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
  return async (candidates) => {
    const head = await prefetched
    if (head === undefined) return undefined
    const { commit, list } = head
    const ids = [...candidates]
    if (list === undefined && cached !== undefined) {
      const answered = new Set(cached.candidates)
      const held = new Set(cached.held)
      if (ids.every((id) => answered.has(id)))
        return { commit, candidates: ids, held: ids.filter((id) => held.has(id)) }
    }
    const listed = await (list ?? listTree(call, commit))
    return (
      listed && {
        commit,
        candidates: ids,
        held: [...objectsIn(listed, candidates, call.idLength)],
      }
    )
  }
}

/**
 * Lists the objects of a commit's tree, or returns undefined when git cannot read it. Each object is
 * listed once: `git ls-tree -r` would list every path, and folders within folders can have 10^10.
 */
function listTree(call: GitCall, commit: string): Promise<Buffer | undefined> {
  const args = [
    'rev-list',
    '--objects',
    '--no-object-names',
    '--missing=allow-any',
    `${commit}^{tree}`,
  ]
  return readGit({ ...call, args }).catch(ifGitFails(undefined))
}

/** Returns the candidates in a list of ids, one a line. */
function objectsIn(
  list: Buffer,
  candidates: ReadonlySet<string>,
  idLength: number,
): ReadonlySet<string> {
  const found = new Set<string>()
  const text = list.toString('latin1')
  for (let from = 0; from < text.length; from += idLength + 1) {
    const id = text.slice(from, from + idLength)
    if (candidates.has(id)) found.add(id)
  }
  return found
}
