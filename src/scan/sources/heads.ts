import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/commands/repository.ts'
import { readGit } from '../../git/commands/run.ts'
import { repoPath } from '../../git/commands/path.ts'
import type { Origin, Skip } from '../../model/model.ts'

/** Where heads lead: a push may name a tag, and a tag anything. */
export interface FollowedHeads {
  readonly commits: readonly string[]
  /** Tags on the way, and what is reached without a commit. */
  readonly others: ReadonlyMap<string, Origin>
  readonly skips: readonly Skip[]
}

const SUBMODULE = 'commit'

/** `object `, the longest name and a line feed. */
const HEADER_BYTES = 72

/** Follows tags to what they name, and trees to their blobs. */
export async function followHeads(
  repository: Repository,
  reader: ObjectReader,
  heads: readonly string[],
  signal: AbortSignal,
): Promise<FollowedHeads> {
  const commits: string[] = []
  const others = new Map<string, Origin>()
  const skips: Skip[] = []
  const seen = new Set<string>()
  for (let next = heads; next.length > 0; ) {
    const unseen = [...new Set(next)].filter((id) => !seen.has(id))
    unseen.forEach((id) => seen.add(id))
    const tagged: string[] = []
    const trees: string[] = []
    for await (const batch of reader.readObjects(unseen, signal)) {
      for (const object of batch) {
        if ('outcome' in object) skips.push(object)
        else if (object.kind === 'commit') commits.push(object.id)
        else if (object.kind === 'tree') trees.push(object.id)
        else if (object.kind === 'blob')
          others.set(object.id, { kind: 'commit', object: object.id })
        else {
          others.set(object.id, { kind: 'message', object: object.id, commit: object.id })
          if (object.start === 0) tagged.push(...taggedBy(object.bytes))
        }
      }
    }
    for (const id of new Set(trees))
      for (const [blob, origin] of await blobsOf(repository, id, signal)) others.set(blob, origin)
    next = tagged
  }
  return { commits: [...new Set(commits)], others, skips }
}

/** `object 41a1…\ntype commit\ntag v1\n…` */
function taggedBy(bytes: Uint8Array): readonly string[] {
  return (
    /^object ([0-9a-f]{40,64})\n/
      .exec(Buffer.from(bytes.subarray(0, HEADER_BYTES)).toString('latin1'))
      ?.slice(1) ?? []
  )
}

/** `100644 blob 3b18e51…\tsrc/a.ts\0` for each file of a tree that no commit leads to. */
async function blobsOf(
  repository: Repository,
  tree: string,
  signal: AbortSignal,
): Promise<readonly (readonly [string, Origin])[]> {
  const listed = await readGit({
    ...repository,
    args: ['ls-tree', '-r', '-z', '--full-tree', tree],
    signal,
  })
  return listed
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
