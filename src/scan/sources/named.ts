import type { ObjectBatch, ObjectReader } from '../../git/objects/objects.ts'
import type { Origin, RepoPath, Skip, Source, SourceBlob } from '../../model/model.ts'
import type { NamedObject } from '../../model/target.ts'
import { originOf } from './history.ts'
import { objectBlob } from './object-blob.ts'

/** Only the named objects, each by the paths it goes by. */
export function namedSource(reader: ObjectReader, objects: readonly NamedObject[]): Source {
  const paths = new Map<string, RepoPath[]>()
  for (const { id, path } of objects)
    paths.set(id, [...(paths.get(id) ?? []), ...(path === undefined ? [] : [path])])
  return {
    async *blobs(signal) {
      for await (const batch of reader.readObjects([...paths.keys()], signal))
        yield named(batch, paths)
    },
  }
}

function* named(
  batch: ObjectBatch,
  paths: ReadonlyMap<string, readonly RepoPath[]>,
): Generator<SourceBlob | Skip> {
  for (const object of batch) {
    if ('outcome' in object) {
      yield object
      continue
    }
    const origin = originOf(object)
    const [first, ...others] =
      object.kind === 'blob'
        ? (paths.get(object.id) ?? []).map((path): Origin => ({ ...origin, path }))
        : []
    yield objectBlob(object, first === undefined ? [origin] : [first, ...others])
  }
}
