import type { Repository } from '../../git/commands/repository.ts'
import { type CompareContext, compareTrees } from '../../git/objects/compare-trees.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Origin, Skip } from '../../model/model.ts'

/** Objects that the heads of a push lead to: a push may name a tag, and a tag any object. */
export interface FollowedHeads {
  readonly commits: readonly string[]
  /** Origins of tags on the way, and of blobs that are reached without a commit, by object id. */
  readonly others: ReadonlyMap<string, Origin>
  readonly skips: readonly Skip[]
}

/** Mode of a tree entry that is a submodule. */
const SUBMODULE = '160000'

/** Length of `object `, a SHA-256 id and a line feed. */
const HEADER_BYTES = 72

/** Follows tags to the objects they name, and trees to their blobs. */
export async function followHeads(
  repository: Repository,
  reader: ObjectReader,
  heads: readonly string[],
  signal: AbortSignal,
): Promise<FollowedHeads> {
  const commits = new Set<string>()
  const others = new Map<string, Origin>()
  const skips: Skip[] = []
  const visited = new Set<string>()
  for (let next = heads; next.length > 0; ) {
    const ids = [...new Set(next)].filter((id) => !visited.has(id))
    ids.forEach((id) => visited.add(id))
    const tagged: string[] = []
    const trees = new Set<string>()
    for await (const batch of reader.readObjects(ids, signal)) {
      for (const object of batch) {
        if ('outcome' in object) skips.push(object)
        else if (object.kind === 'commit') commits.add(object.id)
        else if (object.kind === 'tree') trees.add(object.id)
        else if (object.kind === 'blob')
          others.set(object.id, { kind: 'commit', object: object.id })
        else {
          others.set(object.id, { kind: 'message', object: object.id, commit: object.id })
          if (object.start === 0) tagged.push(...taggedBy(object.bytes))
        }
      }
    }
    for (const id of trees) {
      const within = await blobsOf(repository, id, { reader, signal })
      for (const [blob, origin] of within.others) others.set(blob, origin)
      skips.push(...within.skips)
    }
    next = tagged
  }
  return { commits: [...commits], others, skips }
}

/** Parses the first line of a tag, `object 41a1…\ntype commit\ntag v1\n…`. */
function taggedBy(bytes: Uint8Array): readonly string[] {
  return (
    /^object ([0-9a-f]{40,64})\n/
      .exec(Buffer.from(bytes.subarray(0, HEADER_BYTES)).toString('latin1'))
      ?.slice(1) ?? []
  )
}

/** Returns the blobs in a tree, each at one of its paths. */
async function blobsOf(
  { idLength }: Repository,
  tree: string,
  { reader, signal }: Pick<CompareContext, 'reader' | 'signal'>,
): Promise<Pick<FollowedHeads, 'others' | 'skips'>> {
  const context = { reader, signal, idBytes: idLength / 2 }
  const { changes, skips } = await compareTrees(tree, { tree, parents: [] }, context)
  const others = new Map(
    changes
      .filter(({ mode }) => mode !== SUBMODULE)
      .map(({ id, path }): [string, Origin] => [id, { kind: 'commit', object: id, path }]),
  )
  return { others, skips }
}
