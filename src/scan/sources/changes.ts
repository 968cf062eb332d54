import type { RawChange } from '../../git/commands/diff-raw.ts'
import type { ObjectBatch, ObjectReader } from '../../git/objects/objects.ts'
import type { Origin, Skip, Source, SourceBlob } from '../../model/model.ts'
import { nameBlob } from './name.ts'
import { objectBlob } from './object-blob.ts'

const SUBMODULE = '160000'
const DELETED = '000000'

/** Added, renamed or copied; in merges, for every parent. */
const NEW_NAME = /^(A+|[RC]\d*)$/

/** What a change brought, by object: the places where it is new. */
type ChangedObjects = ReadonlyMap<string, readonly [Origin, ...Origin[]]>

interface Changes {
  readonly objects: ChangedObjects
  /** Each path once, with the oldest commit that changed it. */
  readonly names: readonly SourceBlob[]
  readonly skips: readonly Skip[]
}

/** Collects the new sides of changes, newest first, and what cannot be read of them. */
export async function collectChanges(
  changes: AsyncIterable<RawChange>,
  toOrigin: (change: RawChange) => Origin,
): Promise<Changes & Pick<ChangeList, 'objects'>> {
  const list = new ChangeList(toOrigin)
  for await (const change of changes) list.add(change)
  return list
}

/** Changes, as they come to be known. */
export class ChangeList {
  readonly objects = new Map<string, [Origin, ...Origin[]]>()
  readonly skips: Skip[] = []
  readonly #names = new Map<string, SourceBlob>()
  readonly #toOrigin: (change: RawChange) => Origin

  constructor(toOrigin: (change: RawChange) => Origin) {
    this.#toOrigin = toOrigin
  }

  get names(): readonly SourceBlob[] {
    return [...this.#names.values()]
  }

  add(change: RawChange): void {
    const origin = this.#toOrigin(change)
    if (NEW_NAME.test(change.status))
      this.#names.set(change.path.text, nameBlob(change.path, origin))
    if (change.status === 'U')
      this.skips.push({ outcome: 'bounded', reason: 'unmerged', path: change.path })
    else if (change.mode === SUBMODULE)
      this.skips.push({
        outcome: 'bounded',
        reason: 'submodule',
        path: change.path,
        object: change.id,
      })
    else if (change.mode !== DELETED) {
      const known = this.objects.get(change.id)
      if (known === undefined) this.objects.set(change.id, [origin])
      else known.push(origin)
    }
  }
}

/** Reads changed objects, and on demand those they replaced. */
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
        yield located(batch, objects)
    },
    async *replaced(origin, signal) {
      for await (const batch of reader.readObjects(origin.replaces ?? [], signal))
        yield relocated(batch, origin)
    },
  }
}

function* located(batch: ObjectBatch, objects: ChangedObjects): Generator<SourceBlob | Skip> {
  for (const object of batch)
    yield 'outcome' in object
      ? named(object, objects)
      : objectBlob(object, objects.get(object.id) ?? [{ kind: 'commit', object: object.id }])
}

/** What stood where the origin stands now. */
function* relocated(batch: ObjectBatch, origin: Origin): Generator<SourceBlob | Skip> {
  for (const object of batch)
    yield 'outcome' in object ? object : objectBlob(object, [{ ...origin, object: object.id }])
}

/** A skip with the path its object goes by. */
function named(skip: Skip, objects: ChangedObjects): Skip {
  const path = objects.get(skip.object ?? '')?.[0].path
  return path === undefined ? skip : { ...skip, path }
}
