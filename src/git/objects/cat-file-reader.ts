/**
 * Reads objects through git itself. Slower than the pack reader, whose results it defines. `git
 * cat-file` verifies no ids, so this reader does.
 */
import { sizeSkip } from '../../model/limits.ts'
import type { Skip } from '../../model/model.ts'
import { isOfShard } from '../../model/shard.ts'
import { type GitContext, gitFailed, linesOf, startGit } from '../commands/run.ts'
import { BatchParser, MalformedOutput } from './cat-file.ts'
import { mergeAsync } from './merge-async.ts'
import { corruptSkip, IdCheck, WRONG_ID } from './object-id.ts'
import type { GitObject, ObjectBatch, ObjectReader } from './objects.ts'
import { type IdBlocks, PendingIds } from './pending-ids.ts'

/** The number of ids in a block. Workers take whole blocks from a shared list. */
const BLOCK_IDS = 1000

/** Up to this many ids one git is enough. */
const MAX_IDS_FOR_ONE_GIT = 10 * BLOCK_IDS

/** After so many gits in a row that a signal killed at once, the next would be killed as well. */
const MAX_KILLED_GITS = 16

/** The state of one worker. */
interface Progress {
  readonly maxBlobBytes: number
  readonly idCheck: IdCheck
  /** Number of objects of the current batch that were consumed. */
  done: number
  /** True when further windows of the blob just yielded will follow. */
  isMidway: boolean
  /** Why the output could not be parsed. */
  malformed: string | undefined
}

type PickObject = (kind: string, id: string) => boolean

/**
 * Creates a reader that runs `git cat-file --batch`. `workers` gits share the list of objects,
 * since a scan is faster than one git. Blobs over `maxBlobBytes` become bounded skips.
 */
export function catFileReader(
  context: GitContext,
  workers: number,
  maxBlobBytes = Infinity,
): ObjectReader {
  const read = (
    count: number,
    blocks: IdBlocks,
    signal: AbortSignal,
  ): AsyncGenerator<ObjectBatch> => {
    const running = new Map<AsyncIterator<ObjectBatch>, Progress>()
    for (let at = 0; at < count; at += 1) {
      const progress: Progress = {
        maxBlobBytes,
        idCheck: new IdCheck(),
        done: 0,
        isMidway: false,
        malformed: undefined,
      }
      running.set(readBlocks(context, blocks, progress, signal), progress)
    }
    // Windows of one blob come one after the other, with nothing of another worker between them.
    return mergeAsync([...running.keys()], (source) => running.get(source)?.isMidway === true)
  }
  async function* readEvery(
    pick: PickObject | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<ObjectBatch> {
    const list = listObjects(context, pick !== undefined, signal)
    const blocks = pick === undefined ? linesOf(list.stdout) : pickIds(linesOf(list.stdout), pick)
    yield* read(workers, blocks, signal)
    // If every worker gave up, the list is left unread, and its git would block for ever.
    if (!(await blocks.next()).done) list.stop('not all objects were read')
    const failure = await list.failure
    if (failure !== undefined && !signal.aborted) yield [gitFailed(failure)]
  }
  return {
    name: 'cat-file',
    checksConnectivity: false,
    hasAll: () => false,
    close: () => {},
    readFiltered: (_, signal, shard) =>
      readEvery(
        shard && ((kind, id) => kind === 'tree' || kind === 'missing' || isOfShard(id, shard)),
        signal,
      ),
    readAll: (signal, kinds?: readonly string[]) =>
      readEvery(kinds && ((kind) => kinds.includes(kind)), signal),
    readObjects: (ids, signal) =>
      read(ids.length > MAX_IDS_FOR_ONE_GIT ? workers : 1, blocksOf(ids), signal),
  }
}

function listObjects(context: GitContext, withKinds: boolean, signal: AbortSignal) {
  const format = withKinds ? '%(objecttype) %(objectname)' : '%(objectname)'
  return startGit({
    ...context,
    args: ['cat-file', '--batch-all-objects', `--batch-check=${format}`, '--unordered', '--buffer'],
    signal,
  })
}

/**
 * Reads blocks of ids with one git after the other. Git ends at an object that it cannot read; the
 * next git continues behind that object. A git that a signal kills loses what it has buffered, so
 * that the object at which it ended is unknown: the gits after it do not buffer.
 */
async function* readBlocks(
  context: GitContext,
  blocks: IdBlocks,
  progress: Progress,
  signal: AbortSignal,
): AsyncGenerator<ObjectBatch> {
  const pending = new PendingIds(blocks)
  let buffer: readonly string[] = ['--buffer']
  let killedInARow = 0
  while (pending.isOpen) {
    const git = startGit({
      ...context,
      args: ['cat-file', '--batch', ...buffer],
      input: pending.input(),
      signal,
    })
    const parser = new BatchParser()
    let readNothing = true
    progress.malformed = undefined
    for await (const chunk of git.stdout) {
      progress.done = 0
      yield toBatch(parser.push(chunk), progress)
      pending.markAnswered(progress.done)
      if (progress.done > 0) readNothing = false
      if (progress.malformed !== undefined) git.stop(progress.malformed)
    }
    const { isMidway } = progress
    progress.isMidway = false
    const failure = await git.failure
    if (signal.aborted) return
    const isKilled = progress.malformed === undefined && failure?.startsWith('killed by ') === true
    killedInARow = isKilled && readNothing ? killedInARow + 1 : 0
    // The windows that were given of an object must not come again.
    if (isKilled && buffer.length > 0 && !isMidway) {
      buffer = []
      continue
    }
    const id = pending.drop()
    if (failure !== undefined || id !== undefined)
      yield [skipOf(id, failure ?? 'git ended without giving it')]
    // Git itself fails, not an object: the next git would fail as well.
    if (failure !== undefined && id === undefined && readNothing) return
    if (killedInARow > MAX_KILLED_GITS) {
      if (pending.isOpen) yield [gitFailed('git is killed at every object: the rest was not read')]
      return
    }
  }
}

/** Yields the objects of one chunk and records the progress. */
function* toBatch(
  objects: ReturnType<BatchParser['push']>,
  progress: Progress,
): Generator<GitObject | Skip> {
  try {
    for (const object of objects) {
      const isLast = 'missing' in object || object.last
      progress.isMidway = !isLast
      if ('missing' in object) yield { outcome: 'failed', reason: 'missing', object: object.id }
      else {
        // A damaged object may hold a secret too.
        if (!progress.idCheck.accepts(object)) yield corruptSkip(object.id, WRONG_ID)
        const isBlob = object.kind === 'blob'
        const { maxBlobBytes } = progress
        const skip = isBlob ? sizeSkip(object.size, maxBlobBytes, { object: object.id }) : undefined
        if (skip === undefined || object.start === 0) yield skip ?? object
      }
      if (isLast) progress.done += 1
    }
  } catch (error) {
    // The consumer of a batch cannot handle this; the worker stops its git instead.
    if (!(error instanceof MalformedOutput)) throw error
    progress.malformed = error.message
  }
}

function skipOf(object: string | undefined, detail: string): Skip {
  return object === undefined ? gitFailed(detail) : corruptSkip(object, detail)
}

/** Filters a list of lines `tree 4b825d…`, and yields the ids of those that `pick` accepts. */
async function* pickIds(
  blocks: AsyncIterable<readonly string[]>,
  pick: PickObject,
): AsyncGenerator<readonly string[]> {
  for await (const lines of blocks) {
    const ids = lines.flatMap((line) => {
      const [kind, id] = kindAndId(line)
      return pick(kind, id) ? id : []
    })
    if (ids.length > 0) yield ids
  }
}

/** Parses `tree 4b825d…`, and `4b825d… missing` for an object that git cannot read. */
function kindAndId(line: string): readonly [kind: string, id: string] {
  const [first = '', second = ''] = line.split(' ')
  return second === 'missing' ? [second, first] : [first, second]
}

async function* blocksOf(ids: readonly string[]): AsyncGenerator<readonly string[]> {
  for (let at = 0; at < ids.length; at += BLOCK_IDS) yield ids.slice(at, at + BLOCK_IDS)
}
