/** Makes the blobs of a source from git objects and from paths. */
import { pathBytes } from '../../git/commands/path.ts'
import type { GitObject } from '../../git/objects/objects.ts'
import type { Origin, RepoPath, SourceBlob } from '../../model/model.ts'

/** Returns a git object, or one window of it, as a blob to scan. */
export function objectBlob(
  { id, kind, start, bytes, last }: GitObject,
  origins: SourceBlob['origins'],
): SourceBlob {
  return { id, kind, origins, start, bytes, last }
}

/** Returns the origin of an object of history; its path and commit are added by attribution. */
export function originOf({ id, kind }: Pick<GitObject, 'id' | 'kind'>): Origin {
  return kind === 'commit' || kind === 'tag'
    ? { kind: 'message', object: id, commit: id }
    : { kind: 'commit', object: id, ...(kind === 'tree' ? { inName: true } : {}) }
}

/**
 * Returns a path as a blob of its own, for sources that read no trees: a path is published with its
 * file and shown in reports, so it may hold a secret too.
 */
export function nameBlob(
  path: RepoPath,
  { kind, commit }: Pick<Origin, 'kind' | 'commit'>,
): SourceBlob {
  const origin: Origin = { kind, path, inName: true, ...(commit === undefined ? {} : { commit }) }
  return {
    id: `name of ${path.text}`,
    kind: 'blob',
    origins: [origin],
    start: 0,
    bytes: treeNames(path),
    last: true,
  }
}

/**
 * Encodes `keys/prod.ini` as `keys\0prod.ini\0`: rules find the end of a name by the NUL that
 * follows it in a tree object.
 */
function treeNames(path: RepoPath): Uint8Array {
  return Buffer.from(`${pathBytes(path).toString('latin1').replaceAll('/', '\0')}\0`, 'latin1')
}
