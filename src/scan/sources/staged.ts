import { commitOf, type Repository } from '../../git/commands/repository.ts'
import { gitFailed, readGit, startGit } from '../../git/commands/run.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Source } from '../../model/model.ts'
import { changedSource } from './changes.ts'
import { diffIndexArgs, readStagedChanges } from './staged-changes.ts'

/** Reads the blobs that the next commit would add: those of the index, never the work tree. */
export function stagedSource(repository: Repository, reader: ObjectReader): Source {
  return changedSource(reader, async (signal) => {
    const base = (await commitOf(repository, 'HEAD')) ?? (await emptyTree(repository))
    const git = startGit({ ...repository, args: diffIndexArgs(base), signal })
    const { objects, names, skips } = await readStagedChanges(git.stdout)
    const failure = await git.failure
    return { objects, names, skips: failure === undefined ? skips : [...skips, gitFailed(failure)] }
  })
}

/** Returns the id of the empty tree, which the first commit of a repository is compared with. */
async function emptyTree(repository: Repository): Promise<string> {
  const output = await readGit({ ...repository, args: ['hash-object', '-t', 'tree', '--stdin'] })
  return output.toString('latin1').trim()
}
