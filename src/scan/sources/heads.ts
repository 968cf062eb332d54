import { repoPath } from '../../git/commands/path.ts'
import type { Repository } from '../../git/commands/repository.ts'
import { readGit } from '../../git/commands/run.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Origin, Skip } from '../../model/model.ts'

/** Objects that the heads of a push lead to: a push may name a tag, and a tag any object. */
export interface FollowedHeads {
  readonly commits: readonly string[]
  /** Origins of tags on the way, and of blobs that are reached without a commit, by object id. */
  readonly others: ReadonlyMap<string, Origin>
  readonly skips: readonly Skip[]
}

/** Kind of a tree entry that is a submodule. */
const SUBMODULE = 'commit'

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
    for (const id of trees)
      for (const [blob, origin] of await blobsOf(repository, id, signal)) others.set(blob, origin)
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

/** Parses `100644 blob 3b18e51…\tsrc/a.ts\0`, the output of `git ls-tree -r -z`. */
async function blobsOf(
  repository: Repository,
  tree: string,
  signal: AbortSignal,
): Promise<readonly (readonly [string, Origin])[]> {
  const output = await readGit({
    ...repository,
    args: ['ls-tree', '-r', '-z', '--full-tree', tree],
    signal,
  })
  return output
    .toString('latin1')
    .split('\0')
    .filter((entry) => entry !== '')
    .flatMap((entry) => {
      const tab = entry.indexOf('\t')
      const [, kind, id = ''] = entry.slice(0, tab).split(' ')
      const origin: Origin = {
        kind: 'commit',
        object: id,
        path: repoPath(Buffer.from(entry.slice(tab + 1), 'latin1')),
      }
      return kind === SUBMODULE ? [] : [[id, origin] as const]
    })
}
