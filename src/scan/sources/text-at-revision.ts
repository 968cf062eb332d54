import { commitOf, type Repository } from '../../git/commands/repository.ts'
import { readGit } from '../../git/commands/run.ts'
import type { RepoPath } from '../../model/model.ts'

/** Reads the text of a file as of one commit; the empty string when the file did not exist. */
export type TextAtRevision = (path: RepoPath, signal: AbortSignal) => Promise<string>

/** Larger files are treated as absent: callers look for lines that people wrote. */
const MAX_BYTES = 16 << 20

/** Texts cached in memory, the least recently used is evicted first. */
const MAX_CACHED_TEXTS = 64

/** Reads files as they are in the commit that `revision` names; caches their texts. */
export function textAtRevision(repository: Repository, revision: string): TextAtRevision {
  const cache = new Map<string, Promise<string>>()
  let commit: Promise<string | undefined> | undefined
  return async ({ text: path, bytes }, signal) => {
    commit ??= commitOf(repository, revision)
    const id = await commit
    // Node encodes arguments as UTF-8, so git cannot be given a path of other bytes.
    if (id === undefined || bytes !== undefined) return ''
    const text = cache.get(path) ?? readText(repository, { commit: id, path }, signal)
    cache.delete(path)
    cache.set(path, text)
    if (cache.size > MAX_CACHED_TEXTS) cache.delete(cache.keys().next().value ?? '')
    return text
  }
}

/** Parses `100644 blob 3b18e51…      12\tsrc/a.ts\0`, the output of `git ls-tree -l -z`. */
async function readText(
  repository: Repository,
  { commit, path }: { readonly commit: string; readonly path: string },
  signal: AbortSignal,
): Promise<string> {
  const git = { ...repository, cwd: repository.gitDir, signal }
  const output = await readGit({
    ...git,
    args: ['ls-tree', '-l', '-z', '--full-tree', commit, '--', path],
  })
  const entry = output.toString('latin1')
  const [mode = '', , id = '', size] = entry.slice(0, Math.max(0, entry.indexOf('\t'))).split(/ +/)
  if (!mode.startsWith('100') || Number(size) > MAX_BYTES) return ''
  return (await readGit({ ...git, args: ['cat-file', 'blob', id] })).toString('utf8')
}
