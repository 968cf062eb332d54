import type { Skip } from '../model.ts'
import { BatchParser, MalformedOutput } from './cat-file.ts'
import { linesOf } from './lines.ts'
import type { GitObject, ObjectBatch, ObjectReader } from './objects.ts'
import { type GitPlace, startGit } from './run.ts'
import { soonest } from './soonest.ts'

/** Gives names of objects in blocks; shared by the lanes. */
type Blocks = AsyncIterator<readonly string[]>

/**
 * Reads objects through `git cat-file --batch`: always right, and the meaning of any faster reader.
 * Several gits (`lanes`) share the list, since one is slower than a scan. Larger blobs are skipped (bounded).
 */
export function catFileReader(place: GitPlace, lanes: number, maxBlobBytes = Infinity): ObjectReader {
  const read = (count: number, blocks: Blocks, signal: AbortSignal) => soonest(Array.from({ length: count }, () => lane(place, blocks, maxBlobBytes, signal)))
  return {
    name: 'cat-file',
    async *all(signal) {
      const list = startGit({ ...place, args: ['cat-file', '--batch-all-objects', '--batch-check=%(objectname)', '--unordered', '--buffer'], signal })
      yield* read(lanes, linesOf(list.stdout), signal)
      const failure = await list.failure
      if (failure !== undefined && !signal.aborted) yield [{ outcome: 'failed', reason: 'git-failed', detail: failure }]
    },
    some: (ids, signal) => read(ids.length > 10_000 ? lanes : 1, oneBlock(ids), signal),
  }
}

/** One git after the other: it ends at an object it cannot read, and those behind that one are fine. */
async function* lane(place: GitPlace, blocks: Blocks, maxBlobBytes: number, signal: AbortSignal): AsyncGenerator<ObjectBatch> {
  const asked: string[] = []
  let ended = false
  async function* input(): AsyncGenerator<string> {
    if (asked.length > 0) yield asInput(asked)
    for (let step = await blocks.next(); !step.done; step = await blocks.next()) {
      asked.push(...step.value)
      yield asInput(step.value)
    }
    ended = true
  }
  while (!ended || asked.length > 0) {
    const git = startGit({ ...place, args: ['cat-file', '--batch', '--buffer'], input: input(), signal })
    const progress = { done: 0, maxBlobBytes }
    try {
      const parser = new BatchParser()
      for await (const chunk of git.stdout) {
        progress.done = 0
        yield counted(parser.push(chunk), progress)
        asked.splice(0, progress.done)
      }
    } catch (error) {
      if (!(error instanceof MalformedOutput)) throw error
      git.stop(error.message)
    }
    const failure = await git.failure
    if (signal.aborted) return
    if (failure !== undefined || asked.length > 0) yield [failed(asked.shift(), failure ?? 'git ended without giving it')]
  }
}

function* counted(objects: ReturnType<BatchParser['push']>, progress: { done: number; readonly maxBlobBytes: number }): Generator<GitObject | Skip> {
  for (const object of objects) {
    if ('missing' in object) yield { outcome: 'failed', reason: 'missing', object: object.id }
    else if (object.kind !== 'blob' || object.size <= progress.maxBlobBytes) yield object
    else if (object.start === 0) yield { outcome: 'bounded', reason: 'too-large', object: object.id, detail: `${object.size} bytes` }
    if ('missing' in object || object.last) progress.done += 1
  }
}

function failed(object: string | undefined, detail: string): Skip {
  return object === undefined ? { outcome: 'failed', reason: 'git-failed', detail } : { outcome: 'failed', reason: 'corrupt', object, detail }
}

function asInput(ids: readonly string[]): string {
  return `${ids.join('\n')}\n`
}

/** No block for no names: an empty line would ask git for an object without a name. */
async function* oneBlock(ids: readonly string[]): AsyncGenerator<readonly string[]> {
  if (ids.length > 0) yield ids
}
