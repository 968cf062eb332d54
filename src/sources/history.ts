import { envFamilyOf } from '../dotenv/family.ts'
import { linesOf } from '../git/lines.ts'
import type { GitObject, ObjectBatch, ObjectReader } from '../git/objects.ts'
import { repoPath } from '../git/path.ts'
import { ask, type Repository } from '../git/repository.ts'
import { startGit } from '../git/run.ts'
import { fileEntryAround } from '../git/tree.ts'
import type { Batch, Origin, RepoPath, Skip, Source, SourceBlob } from '../model.ts'
import { objectBlob } from './object-blob.ts'

export interface HistoryOptions {
  readonly reader: ObjectReader
  /** Gives the names of the objects to read; default every one in the store. */
  readonly only?: (signal: AbortSignal) => Promise<readonly string[]>
  /** Is a shallow clone's history all that was asked for? */
  readonly allowShallow: boolean
}

/** Bytes a tree has when it names an env file: `.env`, `prod.env`, `env.local`, in any spelling that is in use. */
const ENV_NAMES = ['env', 'ENV', 'Env']

/**
 * Every object: blobs for content, trees for names, commits and tags for messages. Blobs that some tree names as an env
 * file are read once more at the end, since only then is it known how to read them.
 */
export function historySource(repository: Repository, options: HistoryOptions): Source {
  return {
    planned: () => countObjects(repository),
    async *blobs(signal) {
      const { reader, only, allowShallow } = options
      if (repository.shallow && !allowShallow) yield [shallowSkip()]
      const missing = missingObjects(repository, signal)
      const envFiles = new Map<string, RepoPath>()
      const unread = new Set<string>()
      for await (const batch of only === undefined ? reader.all(signal) : reader.some(await only(signal), signal)) {
        yield toBlobs(batch, repository.idLength / 2, { envFiles, unread })
      }
      yield* readAgain(reader, { envFiles, unread }, signal)
      yield await missing
    },
  }
}

/** Roughly: what alternates hold is not counted, what is stored twice is. */
async function countObjects(repository: Repository): Promise<number> {
  const counts = await ask(repository, ['count-objects', '-v'])
  return [...counts.matchAll(/^(?:count|in-pack): (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0)
}

/** What the first pass learns for the second. */
interface Learned {
  /** Names of env files, by their blobs. */
  readonly envFiles: Map<string, RepoPath>
  /** Objects of which it was said that they were not read. */
  readonly unread: Set<string>
}

function* toBlobs(batch: ObjectBatch, idBytes: number, { envFiles, unread }: Learned): Generator<SourceBlob | Skip> {
  for (const object of batch) {
    if ('outcome' in object) {
      if (object.object !== undefined) unread.add(object.object)
      yield object
      continue
    }
    if (object.kind === 'tree') noteEnvFiles(object, idBytes, envFiles)
    yield objectBlob(object, [originOf(object)])
  }
}

/** Where an object's bytes were seen; which commit and path only attribution can tell. */
function originOf(object: Pick<GitObject, 'id' | 'kind'>): Origin {
  return object.kind === 'commit' || object.kind === 'tag'
    ? { kind: 'message', object: object.id, commit: object.id }
    : { kind: 'commit', object: object.id, ...(object.kind === 'tree' ? { inName: true } : {}) }
}

function noteEnvFiles(tree: GitObject, idBytes: number, found: Map<string, RepoPath>): void {
  const bytes = Buffer.from(tree.bytes.buffer, tree.bytes.byteOffset, tree.bytes.byteLength)
  for (const spelling of ENV_NAMES) {
    for (let at = bytes.indexOf(spelling); at >= 0; at = bytes.indexOf(spelling, at + spelling.length)) {
      const entry = fileEntryAround(bytes, at, idBytes)
      if (entry === undefined || found.has(entry.id)) continue
      const name = repoPath(entry.name)
      if (envFamilyOf(name.text) !== undefined) found.set(entry.id, name)
    }
  }
}

async function* readAgain(reader: ObjectReader, { envFiles, unread }: Learned, signal: AbortSignal): AsyncGenerator<Batch> {
  const ids = [...envFiles.keys()].filter((id) => !unread.has(id))
  for await (const batch of reader.some(ids, signal)) yield withNames(batch, envFiles)
}

function* withNames(batch: ObjectBatch, names: ReadonlyMap<string, RepoPath>): Generator<SourceBlob | Skip> {
  for (const object of batch) {
    if ('outcome' in object) {
      // A blob that only an old tree knows may be gone for good; those that refs lead to are looked for by walking.
      if (object.reason !== 'missing') yield object
      continue
    }
    const again = names.get(object.id)
    if (again !== undefined) yield { ...objectBlob(object, [originOf(object)]), again }
  }
}

/**
 * A store can be readable and still lack objects that its refs, reflogs or index lead to. Git knows them by walking, which
 * goes on while the objects are read.
 */
async function missingObjects(repository: Repository, signal: AbortSignal): Promise<readonly Skip[]> {
  const git = startGit({ ...repository, args: ['rev-list', '--objects', '--all', '--reflog', '--indexed-objects', '--missing=print', '--quiet'], signal })
  const skips: Skip[] = []
  for await (const lines of linesOf(git.stdout)) {
    for (const line of lines) if (line.startsWith('?')) skips.push({ outcome: 'failed', reason: 'missing', object: line.slice(1) })
  }
  const failure = await git.failure
  if (failure !== undefined && !signal.aborted) skips.push({ outcome: 'failed', reason: 'git-failed', detail: failure })
  return skips
}

function shallowSkip(): Skip {
  return { outcome: 'failed', reason: 'shallow', detail: 'this clone has only part of the history; git fetch --unshallow, or --allow-shallow to scan just that part' }
}
