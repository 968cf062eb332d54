import { commitOf, type Repository } from '../../git/commands/repository.ts'
import { type GitProcess, gitFailed, readGit, startGit } from '../../git/commands/run.ts'
import { type CompareContext, listFilesOf } from '../../git/objects/compare-trees.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Source } from '../../model/model.ts'
import { changedSource } from './changes.ts'
import { diffIndexArgs, readStagedChanges } from './staged-changes.ts'

/** The most paths of HEAD that git compares with the index; a few objects can have 10^10. */
const MAX_PATHS_OF_HEAD = 10_000_000

/** Comparing the index with HEAD rarely takes longer, so the paths of HEAD are counted only then. */
const MAX_SILENCE_MS = 1000

/** Reads the blobs that the next commit would add: those of the index, never the work tree. */
export function stagedSource(repository: Repository, reader: ObjectReader): Source {
  return changedSource(reader, async (signal) => {
    const base = (await commitOf(repository, 'HEAD')) ?? (await emptyTree(repository))
    const git = startGit({ ...repository, args: diffIndexArgs(base), signal })
    const context = { reader, signal, idBytes: repository.idLength / 2 }
    const timer = setTimeout(() => void stopAtManyPaths(git, base, context), MAX_SILENCE_MS)
    const { objects, names, skips } = await readStagedChanges(git.stdout)
    clearTimeout(timer)
    const failure = await git.failure
    return { objects, names, skips: failure === undefined ? skips : [...skips, gitFailed(failure)] }
  })
}

/** Stops git when HEAD has so many paths that comparing them with the index would not end. */
async function stopAtManyPaths(
  git: GitProcess,
  head: string,
  context: CompareContext,
): Promise<void> {
  const { paths } = await listFilesOf(head, context)
  if (paths > MAX_PATHS_OF_HEAD) git.stop(`HEAD has more than ${MAX_PATHS_OF_HEAD} paths`)
}

/** Returns the id of the empty tree, which the first commit of a repository is compared with. */
async function emptyTree(repository: Repository): Promise<string> {
  const output = await readGit({ ...repository, args: ['hash-object', '-t', 'tree', '--stdin'] })
  return output.toString('latin1').trim()
}
