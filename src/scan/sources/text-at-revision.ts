import { commitOf, type Repository } from '../../git/commands/repository.ts'
import { readGit } from '../../git/commands/run.ts'
import type { RepoPath } from '../../model/model.ts'

/** The text of a file as it was; `` where it was not there. */
export type TextAtRevision = (path: RepoPath, signal: AbortSignal) => Promise<string>

/**
 * Larger files are taken for ones that were not there: what is asked for are lines that people
 * wrote.
 */
const MAX_BYTES = 16 << 20

/** Files kept in memory. */
const MAX_KEPT = 64

/** Files as they are in the commit `revision`; the same file is read once. */
export function textAtRevision(repository: Repository, revision: string): TextAtRevision {
  const kept = new Map<string, Promise<string>>()
  let commit: Promise<string | undefined> | undefined
  return async ({ text, bytes }, signal) => {
    commit ??= commitOf(repository, revision)
    const id = await commit
    // A path that is not UTF-8 cannot be an argument.
    if (id === undefined || bytes !== undefined) return ''
    const known = kept.get(text) ?? readAt(repository, { commit: id, path: text }, signal)
    kept.delete(text)
    kept.set(text, known)
    if (kept.size > MAX_KEPT) kept.delete(kept.keys().next().value ?? '')
    return known
  }
}

/** `100644 blob 3b18e51…      12\tsrc/a.ts\0` */
async function readAt(
  repository: Repository,
  { commit, path }: { readonly commit: string; readonly path: string },
  signal: AbortSignal,
): Promise<string> {
  const said = (
    await readGit({
      ...repository,
      cwd: repository.gitDir,
      args: ['ls-tree', '-l', '-z', '--full-tree', commit, '--', path],
      signal,
    })
  ).toString('latin1')
  const [mode = '', , id = '', size] = said.slice(0, Math.max(0, said.indexOf('\t'))).split(/ +/)
  if (!mode.startsWith('100') || Number(size) > MAX_BYTES) return ''
  return (
    await readGit({ ...repository, cwd: repository.gitDir, args: ['cat-file', 'blob', id], signal })
  ).toString('utf8')
}
