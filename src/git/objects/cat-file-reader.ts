import { sizeSkip } from '../../model/limits.ts'
import type { Skip } from '../../model/model.ts'
import { PendingIds, type Blocks } from './pending-ids.ts'
import { BatchParser, MalformedOutput } from './cat-file.ts'
import { gitFailed } from '../commands/failed.ts'
import { linesOf } from './lines.ts'
import type { GitObject, ObjectBatch, ObjectReader } from './objects.ts'
import { type GitPlace, startGit } from '../commands/run.ts'
import { isOfShard } from '../../model/shard.ts'
import { mergeAsync } from './merge-async.ts'

/** Names are given out in blocks of this many, so that lanes share them. */
const BLOCK_IDS = 1000

/** How a lane gets on. */
interface Progress {
  readonly maxBlobBytes: number
  /** Objects of the batch at hand that are done. */
  done: number
  /** More windows of the blob that was given last are to come. */
  midway: boolean
  /** What came is not what git prints. */
  malformed: string | undefined
}

/**
 * Reads objects through `git cat-file --batch`: always right, and the meaning of any faster reader.
 * Several gits (`lanes`) share the list, since one is slower than a scan. Larger blobs are skipped
 * (bounded).
 */
export function catFileReader(
  place: GitPlace,
  lanes: number,
  maxBlobBytes = Infinity,
): ObjectReader {
  const read = (
    count: number,
    blocks: Blocks,
    signal: AbortSignal,
  ): AsyncGenerator<ObjectBatch> => {
    const running = new Map<AsyncIterator<ObjectBatch>, Progress>()
    for (let at = 0; at < count; at += 1) {
      const progress: Progress = { maxBlobBytes, done: 0, midway: false, malformed: undefined }
      running.set(lane(place, blocks, progress, signal), progress)
    }
    // The windows of a blob are given one after the other, with nothing of another lane between
    // them.
    return mergeAsync([...running.keys()], (source) => running.get(source)?.midway === true)
  }
  async function* everything(
    pick: ((kind: string, id: string) => boolean) | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<ObjectBatch> {
    const form = pick === undefined ? '%(objectname)' : '%(objecttype) %(objectname)'
    const list = startGit({
      ...place,
      args: ['cat-file', '--batch-all-objects', `--batch-check=${form}`, '--unordered', '--buffer'],
      signal,
    })
    const blocks = pick === undefined ? linesOf(list.stdout) : picked(linesOf(list.stdout), pick)
    yield* read(lanes, blocks, signal)
    // Nobody reads the list any more when every lane gave up, and git would wait for that forever.
    if (!(await blocks.next()).done) list.stop('not all objects were read')
    const failure = await list.failure
    if (failure !== undefined && !signal.aborted) yield [gitFailed(failure)]
  }
  return {
    name: 'cat-file',
    followsLinks: false,
    has: () => false,
    close: () => {},
    sift: (_, signal, shard) =>
      everything(
        shard && ((kind, id) => kind === 'tree' || kind === 'missing' || isOfShard(id, shard)),
        signal,
      ),
    all: (signal, kinds?: readonly string[]) =>
      everything(kinds && ((kind) => kinds.includes(kind)), signal),
    some: (ids, signal) => read(ids.length > 10 * BLOCK_IDS ? lanes : 1, blocksOf(ids), signal),
  }
}

/**
 * One git after the other: it ends at an object it cannot read, and those behind that one are fine.
 */
async function* lane(
  place: GitPlace,
  blocks: Blocks,
  progress: Progress,
  signal: AbortSignal,
): AsyncGenerator<ObjectBatch> {
  const asked = new PendingIds(blocks)
  while (asked.open) {
    const git = startGit({
      ...place,
      args: ['cat-file', '--batch', '--buffer'],
      input: asked.input(),
      signal,
    })
    const parser = new BatchParser()
    let idle = true
    progress.malformed = undefined
    for await (const chunk of git.stdout) {
      progress.done = 0
      yield counted(parser.push(chunk), progress)
      asked.answered(progress.done)
      if (progress.done > 0) idle = false
      if (progress.malformed !== undefined) git.stop(progress.malformed)
    }
    progress.midway = false
    const failure = await git.failure
    if (signal.aborted) return
    const id = asked.drop()
    if (failure !== undefined || id !== undefined)
      yield [failed(id, failure ?? 'git ended without giving it')]
    // It is no object that git fails at, so the next one would fail as well.
    if (failure !== undefined && id === undefined && idle) return
  }
}

function* counted(
  objects: ReturnType<BatchParser['push']>,
  progress: Progress,
): Generator<GitObject | Skip> {
  try {
    for (const object of objects) {
      const last = 'missing' in object || object.last
      progress.midway = !last
      if ('missing' in object) yield { outcome: 'failed', reason: 'missing', object: object.id }
      else if (object.kind !== 'blob') yield object
      else {
        const skip = sizeSkip(object.size, progress.maxBlobBytes, { object: object.id })
        if (skip === undefined || object.start === 0) yield skip ?? object
      }
      if (last) progress.done += 1
    }
  } catch (error) {
    // The batch is taken apart by whoever reads it, who can do nothing about this.
    if (!(error instanceof MalformedOutput)) throw error
    progress.malformed = error.message
  }
}

function failed(object: string | undefined, detail: string): Skip {
  return object === undefined
    ? gitFailed(detail)
    : { outcome: 'failed', reason: 'corrupt', object, detail }
}

/** `tree 4b825d…` and `blob 3b18e5…`, where trees are asked for → `4b825d…`. */
async function* picked(
  blocks: AsyncIterable<readonly string[]>,
  pick: (kind: string, id: string) => boolean,
): AsyncGenerator<readonly string[]> {
  for await (const lines of blocks) {
    const ids = lines.flatMap((line) => {
      const [kind, id] = kindAndId(line)
      return pick(kind, id) ? id : []
    })
    if (ids.length > 0) yield ids
  }
}

/** Of an object that git cannot read it says `4b825d… missing`. */
function kindAndId(line: string): readonly [kind: string, id: string] {
  const [first = '', second = ''] = line.split(' ')
  return second === 'missing' ? [second, first] : [first, second]
}

async function* blocksOf(ids: readonly string[]): AsyncGenerator<readonly string[]> {
  for (let at = 0; at < ids.length; at += BLOCK_IDS) yield ids.slice(at, at + BLOCK_IDS)
}
