import { envFamilyOf } from '../dotenv/family.ts'
import { linesOf } from '../git/lines.ts'
import type { GitObject, ObjectReader } from '../git/objects.ts'
import { repoPath } from '../git/path.ts'
import type { Repository } from '../git/repository.ts'
import { startGit } from '../git/run.ts'
import { treeEntries } from '../git/tree.ts'
import type { Origin, RepoPath, Skip, Source, SourceBlob } from '../model.ts'

export interface HistoryOptions {
  readonly reader: ObjectReader
  /** Names of the objects to read; default every one in the store. */
  readonly only?: readonly string[]
  /** Is a shallow clone's history all that was asked for? */
  readonly allowShallow: boolean
}

/** Bytes a tree has when it names an env file, whatever its spelling. */
const ENV_NAMES = ['.env', '.ENV', '.flaskenv']

/**
 * Every object: blobs for content, trees for names, commits and tags for messages. Blobs that some tree names as an env
 * file are read once more at the end, since only then is it known how to read them.
 */
export function historySource(repository: Repository, options: HistoryOptions): Source {
  return {
    async *blobs(signal) {
      const { reader, only, allowShallow } = options
      if (repository.shallow && !allowShallow) yield shallowSkip()
      const envFiles = new Map<string, RepoPath>()
      for await (const object of only === undefined ? reader.all(signal) : reader.some(only, signal)) {
        if ('outcome' in object) {
          yield object
          continue
        }
        if (object.kind === 'tree') noteEnvFiles(object, repository.idLength / 2, envFiles)
        yield toSourceBlob(object)
      }
      yield* readAgain(reader, envFiles, signal)
      yield* missingObjects(repository, signal)
    },
  }
}

/** Where an object's bytes were seen; which commit and path only attribution can tell. */
function originOf(object: Pick<GitObject, 'id' | 'kind'>): Origin {
  return object.kind === 'commit' || object.kind === 'tag'
    ? { kind: 'message', object: object.id, commit: object.id }
    : { kind: 'commit', object: object.id, ...(object.kind === 'tree' ? { inName: true } : {}) }
}

function toSourceBlob(object: GitObject): SourceBlob {
  const { id, kind, start, bytes, last } = object
  return { id, kind, origins: [originOf(object)], start, bytes, last }
}

function noteEnvFiles(tree: GitObject, idBytes: number, found: Map<string, RepoPath>): void {
  const bytes = Buffer.from(tree.bytes.buffer, tree.bytes.byteOffset, tree.bytes.byteLength)
  if (!ENV_NAMES.some((name) => bytes.includes(name))) return
  for (const entry of treeEntries(bytes, idBytes)) {
    const name = repoPath(entry.name)
    if (entry.mode.startsWith('100') && envFamilyOf(name.text) !== undefined && found.get(entry.id) === undefined) found.set(entry.id, name)
  }
}

async function* readAgain(reader: ObjectReader, names: ReadonlyMap<string, RepoPath>, signal: AbortSignal): AsyncGenerator<SourceBlob> {
  if (names.size === 0) return
  for await (const object of reader.some([...names.keys()], signal)) {
    const path = names.get('id' in object ? object.id : '')
    // What could not be read was said in the first pass.
    if ('outcome' in object || path === undefined) continue
    yield { ...toSourceBlob(object), again: path }
  }
}

/** A store can be readable and still lack objects that its refs, reflogs or index lead to. Git knows them by walking. */
async function* missingObjects(repository: Repository, signal: AbortSignal): AsyncGenerator<Skip> {
  if (signal.aborted) return
  const git = startGit({
    ...repository,
    args: ['rev-list', '--objects', '--all', '--reflog', '--indexed-objects', '--missing=print', '--quiet'],
    signal,
  })
  for await (const lines of linesOf(git.stdout)) {
    for (const line of lines) if (line.startsWith('?')) yield { outcome: 'failed', reason: 'missing', object: line.slice(1) }
  }
  const failure = await git.failure
  if (failure !== undefined && !signal.aborted) yield { outcome: 'failed', reason: 'git-failed', detail: failure }
}

function shallowSkip(): Skip {
  return { outcome: 'failed', reason: 'shallow', detail: 'this clone has only part of the history; git fetch --unshallow, or --allow-shallow to scan just that part' }
}
