/** Blobs that a change brings, from `git diff-index` or `git diff-tree`, and how they are read. */
import type { RawChange } from '../../git/commands/diff-raw.ts'
import { PlaceLimit } from '../../git/attribution/place-limit.ts'
import type { ObjectBatch, ObjectReader } from '../../git/objects/objects.ts'
import type { Origin, Skip, Source, SourceBlob } from '../../model/model.ts'
import { Turns } from '../../model/turns.ts'
import { fileTypeOf } from '../env-files/file-names.ts'
import { nameBlob, objectBlob } from './source-blobs.ts'

/** Modes of entries in the raw format of a diff. */
const SUBMODULE = '160000'
const DELETED = '000000'

/** Status of an added, renamed or copied file; for a merge, with a letter for each parent. */
const NEW_NAME = /^(A+|[RC]\d*)$/

/** Origins of each changed object, by object id. */
type ChangedObjects = ReadonlyMap<string, readonly [Origin, ...Origin[]]>

interface Changes {
  readonly objects: ChangedObjects
  /** Names that are new; each path once, with the oldest commit that changed it. */
  readonly names: readonly SourceBlob[]
  readonly skips: readonly Skip[]
}

/** Collects the new side of each change; changes arrive newest first. */
export async function collectChanges(
  changes: AsyncIterable<RawChange | Skip>,
  toOrigin: (change: RawChange) => Origin,
): Promise<Changes & Pick<ChangeList, 'objects'>> {
  const list = new ChangeList(toOrigin)
  const turns = new Turns()
  for await (const change of changes) {
    // Changes that are in memory arrive without any other work in between.
    if (turns.isOver) await turns.next()
    if ('outcome' in change) list.skips.push(change)
    else list.add(change)
  }
  return list
}

/** Objects, names and skips of the changes added so far. */
export class ChangeList {
  readonly objects = new Map<string, [Origin, ...Origin[]]>()
  readonly skips: Skip[] = []
  readonly #names = new Map<string, SourceBlob>()
  readonly #limit = new PlaceLimit<string>()
  readonly #withMorePaths = new Set<string>()
  #commit = ''
  readonly #toOrigin: (change: RawChange) => Origin

  constructor(toOrigin: (change: RawChange) => Origin) {
    this.#toOrigin = toOrigin
  }

  get names(): readonly SourceBlob[] {
    return [...this.#names.values()]
  }

  add(change: RawChange): void {
    const { path, id: object, status, mode } = change
    const origin = this.#toOrigin(change)
    if (change.commit !== this.#commit) this.#limit.startCommit(change.commit)
    this.#commit = change.commit
    if (NEW_NAME.test(status)) this.#names.set(path.text, nameBlob(path, origin))
    if (status === 'U') this.skips.push({ outcome: 'bounded', reason: 'unmerged', path })
    else if (mode === SUBMODULE)
      this.skips.push({ outcome: 'bounded', reason: 'submodule', path, object })
    else if (mode !== DELETED) this.#addOrigin(object, origin, change.hasMorePaths === true)
  }

  /**
   * Adds an origin. Further paths of an object that has very many are one origin without a path: no
   * path rule of a policy covers that one.
   */
  #addOrigin(object: string, origin: Origin, hasMorePaths: boolean): void {
    // The name of a file decides how its content is read, so it has a limit of its own.
    const key = fileTypeOf(origin.path?.text ?? '') === undefined ? object : `${object} by name`
    const counts = this.#limit.add(key)
    if (counts) this.#push(object, origin)
    if ((counts && !hasMorePaths) || this.#withMorePaths.has(object)) return
    this.#withMorePaths.add(object)
    const { path: _, ...withoutPath } = origin
    this.#push(object, withoutPath)
  }

  #push(object: string, origin: Origin): void {
    const origins = this.objects.get(object)
    if (origins === undefined) this.objects.set(object, [origin])
    else origins.push(origin)
  }
}

/** Reads the objects of the listed changes, and on demand the objects that they replaced. */
export function changedSource(
  reader: ObjectReader,
  list: (signal: AbortSignal) => Promise<Changes>,
): Source {
  return {
    async *blobs(signal) {
      const { objects, names, skips } = await list(signal)
      yield skips
      yield names
      for await (const batch of reader.readObjects([...objects.keys()], signal))
        yield changedBlobs(batch, objects)
    },
    async *replaced(origin, signal) {
      for await (const batch of reader.readObjects(origin.replaces ?? [], signal))
        yield replacedBlobs(batch, origin)
    },
  }
}

function* changedBlobs(batch: ObjectBatch, objects: ChangedObjects): Generator<SourceBlob | Skip> {
  for (const object of batch)
    yield 'outcome' in object
      ? withPath(object, objects)
      : objectBlob(object, objects.get(object.id) ?? [{ kind: 'commit', object: object.id }])
}

/** Gives each replaced object the origin of the object that took its place. */
function* replacedBlobs(batch: ObjectBatch, origin: Origin): Generator<SourceBlob | Skip> {
  for (const object of batch)
    yield 'outcome' in object ? object : objectBlob(object, [{ ...origin, object: object.id }])
}

/** Adds the path of the changed object to its skip. */
function withPath(skip: Skip, objects: ChangedObjects): Skip {
  const path = objects.get(skip.object ?? '')?.[0].path
  return path === undefined ? skip : { ...skip, path }
}
