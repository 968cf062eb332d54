import { createReadStream, promises } from 'node:fs'
import { join } from 'node:path'
import { windowsOf } from '../../git/objects/windows.ts'
import { type Limits, sizeSkip } from '../../model/limits.ts'
import type { Batch, Origin, Skip, SkippedClean, Source, SourceBlob } from '../../model/model.ts'
import { openRegularFile } from '../../model/regular-file.ts'
import { parseLfsPointer } from './lfs-pointer.ts'
import { codeOf } from './read-files.ts'

/** Content that Git LFS keeps outside of the object store. */
interface LfsObject {
  readonly oid: string
  readonly size: number
  /** Origins of the pointers to it. */
  readonly origins: [Origin, ...Origin[]]
}

interface LfsContext {
  readonly commonDir: string
  readonly limits: Limits
  /** Ids of git objects that are pointers, filled while the source is read. */
  readonly pointerIds: Set<string>
}

/**
 * Adds to a source the content that its Git LFS pointers stand for, read from `lfs/objects` in the
 * git directory `commonDir`. Content that this clone does not have is a bounded skip; nothing is
 * fetched.
 */
export function withLfsObjects(source: Source, commonDir: string, limits: Limits): Source {
  const { planned, replaced, settled } = source
  const context: LfsContext = { commonDir, limits, pointerIds: new Set() }
  return {
    ...(planned && { planned: () => planned.call(source) }),
    blobs: (signal) => withContent(source.blobs(signal), context, signal),
    ...(replaced && {
      replaced: (origin, signal) =>
        withContent(replaced.call(source, origin, signal), context, signal),
    }),
    // A pointer is never cached as clean: the content it stands for may be fetched later.
    ...(settled && {
      settled: (isSpokenOf: (object: string) => boolean) =>
        settled.call(source, (object) => isSpokenOf(object) || context.pointerIds.has(object)),
    }),
  }
}

async function* withContent(
  batches: AsyncIterable<Batch>,
  context: LfsContext,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const objects = new Map<string, LfsObject>()
  for await (const batch of batches) yield collectPointers(batch, objects)
  for (const { origins } of objects.values())
    for (const { object } of origins) if (object !== undefined) context.pointerIds.add(object)
  for (const object of objects.values()) {
    if (signal.aborted) return
    yield* contentOf(object, context, signal)
  }
}

/** Passes a batch on, and collects the pointers in it. */
function* collectPointers(
  batch: Batch,
  objects: Map<string, LfsObject>,
): Generator<SourceBlob | Skip | SkippedClean> {
  for (const item of batch) {
    if ('kind' in item && isWholeFile(item)) addPointer(item, objects)
    yield item
  }
}

function isWholeFile({ kind, start, last, again, origins }: SourceBlob): boolean {
  return kind === 'blob' && start === 0 && last && again === undefined && !origins[0].inName
}

function addPointer({ bytes, origins }: SourceBlob, objects: Map<string, LfsObject>): void {
  const pointer = parseLfsPointer(bytes)
  if (pointer === undefined) return
  const object = objects.get(pointer.oid)
  if (object === undefined) objects.set(pointer.oid, { ...pointer, origins: [...origins] })
  else object.origins.push(...origins)
}

/** Reads the content of `4d7a…` from `lfs/objects/4d/7a/4d7a…`, or says why it is not read. */
async function* contentOf(
  object: LfsObject,
  { commonDir, limits }: LfsContext,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const { oid, origins } = object
  const file = join(commonDir, 'lfs', 'objects', oid.slice(0, 2), oid.slice(2, 4), oid)
  const skip = await skipOf(file, object, limits)
  if (skip !== undefined) {
    yield [skip]
    return
  }
  try {
    const stream = createReadStream('', {
      fd: openRegularFile(file),
      highWaterMark: 1 << 20,
      signal,
    })
    for await (const window of windowsOf(stream))
      yield [{ id: `lfs ${oid}`, kind: 'blob', origins, ...window }]
  } catch (error) {
    if (!signal.aborted) yield [unreadable(object, codeOf(error))]
  }
}

/** Checks a file of LFS content before it is read. */
async function skipOf(
  file: string,
  object: LfsObject,
  { maxBlobBytes }: Limits,
): Promise<Skip | undefined> {
  const { size } = object
  const stat = await promises.lstat(file).catch(codeOf)
  if (stat === 'ENOENT' || stat === 'ENOTDIR')
    return {
      outcome: 'bounded',
      reason: 'lfs',
      ...placeOf(object),
      detail: `this clone has no ${nameOf(object)}; git lfs fetch --all`,
    }
  if (typeof stat === 'string') return unreadable(object, stat)
  if (!stat.isFile() || stat.size !== size)
    return {
      outcome: 'failed',
      reason: 'corrupt',
      ...placeOf(object),
      detail: `${nameOf(object)} is not the ${size} bytes that its pointer says`,
    }
  const detail = `LFS object of ${size} bytes`
  return sizeSkip(size, maxBlobBytes, { ...placeOf(object), detail })
}

function unreadable(object: LfsObject, code: string): Skip {
  const detail = `${nameOf(object)}: ${code}`
  return { outcome: 'failed', reason: 'unreadable', ...placeOf(object), detail }
}

function nameOf({ oid }: LfsObject): string {
  return `LFS object ${oid.slice(0, 12)}`
}

/** Path and git object of the first pointer. */
function placeOf({ origins: [{ path, object }] }: LfsObject): Pick<Skip, 'path' | 'object'> {
  return { ...(path && { path }), ...(object !== undefined && { object }) }
}
