import { readerOf } from '../dotenv/reader.ts'
import { type RawChange, parseRawDiff } from '../git/diff-raw.ts'
import type { ObjectReader } from '../git/objects.ts'
import { commitOf, type Repository } from '../git/repository.ts'
import { readGit, startGit } from '../git/run.ts'
import type { Origin, Source } from '../model.ts'
import { changedSource, collectChanges } from './changes.ts'

/** What the next commit would add: blobs of the index, never copies of the work tree. */
export function stagedSource(repository: Repository, reader: ObjectReader): Source {
  return changedSource(reader, async (signal) => {
    const base = (await commitOf(repository, 'HEAD')) ?? (await emptyTree(repository))
    const git = startGit({
      ...repository,
      args: ['diff-index', '--cached', '--ita-invisible-in-index', '--raw', '-z', '-M', '--no-abbrev', '--no-ext-diff', '--no-textconv', base],
      signal,
    })
    const { objects, names, skips } = await collectChanges(parseRawDiff(git.stdout), originOf)
    const failure = await git.failure
    return { objects, names, skips: failure === undefined ? skips : [...skips, { outcome: 'failed', reason: 'git-failed', detail: failure }] }
  })
}

/** The name of the tree without entries: what comes before the first commit. */
async function emptyTree(repository: Repository): Promise<string> {
  return (await readGit({ ...repository, args: ['hash-object', '-t', 'tree', '--stdin'] })).toString('latin1').trim()
}

function originOf(change: RawChange): Origin {
  const reader = readerOf(change.path.text)
  const known: Pick<Origin, 'state'> = reader === undefined ? {} : { state: reader.family === 'template' ? 'template' : 'staged' }
  return { kind: 'index', path: change.path, object: change.id, replaces: change.replaces, ...known }
}
