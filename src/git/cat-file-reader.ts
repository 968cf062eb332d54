import type { Skip } from '../model.ts'
import { MalformedOutput, parseBatch } from './cat-file.ts'
import type { GitObject, ObjectReader } from './objects.ts'
import { type GitPlace, type GitProcess, readGit, startGit } from './run.ts'

/** Reads objects through `git cat-file --batch`: always right, and the meaning of any faster reader. */
export function catFileReader(place: GitPlace): ObjectReader {
  return {
    name: 'cat-file',
    all: (signal) => readAll(place, signal),
    some: (ids, signal) => readSome(place, ids, signal),
  }
}

interface Progress {
  /** Objects that came whole, and missing ones. */
  done: number
  lastId: string
}

async function* readAll(place: GitPlace, signal: AbortSignal): AsyncGenerator<GitObject | Skip> {
  const git = startGit({ ...place, args: ['cat-file', '--batch-all-objects', '--batch', '--unordered', '--buffer'], signal })
  const progress: Progress = { done: 0, lastId: '' }
  yield* objectsOf(git, progress)
  const failure = await git.failure
  if (failure === undefined || signal.aborted) return
  yield { outcome: 'failed', reason: 'git-failed', detail: failure }
  // The list comes in the order of the objects, unless the store was repacked since: then everything is read again.
  const ids = await listAll(place, signal)
  const goOn = ids[progress.done - 1] === progress.lastId ? progress.done : 0
  yield* readSome(place, ids.slice(goOn), signal)
}

/** Names every object in the order of `readAll`. */
async function listAll(place: GitPlace, signal: AbortSignal): Promise<readonly string[]> {
  const list = await readGit({ ...place, args: ['cat-file', '--batch-all-objects', '--batch-check=%(objectname)', '--unordered', '--buffer'], signal })
  return list.toString('latin1').split('\n').filter((id) => id !== '')
}

async function* readSome(place: GitPlace, ids: readonly string[], signal: AbortSignal): AsyncGenerator<GitObject | Skip> {
  for (let from = 0; from < ids.length && !signal.aborted; ) {
    const git = startGit({ ...place, args: ['cat-file', '--batch', '--buffer'], input: ids.slice(from), signal })
    const progress: Progress = { done: 0, lastId: '' }
    yield* objectsOf(git, progress)
    const failure = await git.failure
    if (signal.aborted) return
    from += progress.done
    if (from < ids.length) {
      // Git ends at an object it cannot read; those behind it are fine.
      yield corrupt(ids[from], failure ?? 'git ended without giving it')
      from += 1
    } else if (failure !== undefined) {
      yield { outcome: 'failed', reason: 'git-failed', detail: failure }
    }
  }
}

async function* objectsOf(git: GitProcess, progress: Progress): AsyncGenerator<GitObject | Skip> {
  let whole = false
  try {
    for await (const object of parseBatch(git.stdout)) {
      yield 'missing' in object ? { outcome: 'failed', reason: 'missing', object: object.id } : object
      if ('missing' in object || object.last) {
        progress.done += 1
        progress.lastId = object.id
      }
    }
    whole = true
  } catch (error) {
    if (error instanceof MalformedOutput) git.stop(error.message)
    else if (!wasCutOff(error)) throw error
  } finally {
    if (!whole) git.stop()
  }
}

/** The output ended because git was ended; `failure` says why. */
function wasCutOff(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'
}

function corrupt(object: string | undefined, detail: string): Skip {
  return { outcome: 'failed', reason: 'corrupt', detail, ...(object === undefined ? {} : { object }) }
}
