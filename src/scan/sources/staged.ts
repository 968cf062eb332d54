import type { ObjectReader } from '../../git/objects/objects.ts'
import { commitOf, type Repository } from '../../git/commands/repository.ts'
import { readGit, startGit, gitFailed } from '../../git/commands/run.ts'
import type { Source } from '../../model/model.ts'
import { changedSource } from './changes.ts'
import { diffIndex, stagedChanges } from './staged-changes.ts'

/** What the next commit would add: blobs of the index, never copies of the work tree. */
export function stagedSource(repository: Repository, reader: ObjectReader): Source {
  return changedSource(reader, async (signal) => {
    const base = (await commitOf(repository, 'HEAD')) ?? (await emptyTree(repository))
    const git = startGit({ ...repository, args: diffIndex(base), signal })
    const { objects, names, skips } = await stagedChanges(git.stdout)
    const failure = await git.failure
    return { objects, names, skips: failure === undefined ? skips : [...skips, gitFailed(failure)] }
  })
}

/** The name of the tree without entries: what comes before the first commit. */
async function emptyTree(repository: Repository): Promise<string> {
  return (await readGit({ ...repository, args: ['hash-object', '-t', 'tree', '--stdin'] }))
    .toString('latin1')
    .trim()
}
