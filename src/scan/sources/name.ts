import { pathBytes } from '../../git/commands/path.ts'
import type { Origin, RepoPath, SourceBlob } from '../../model/model.ts'

/**
 * A file's name, to be scanned like content: it is published with it, and reports show it. Trees
 * bring the names of history; where none is read each name comes on its own.
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
    bytes: asInTree(path),
    last: true,
  }
}

/**
 * `keys/prod.ini` → `keys\0prod.ini\0`: each name ends with NUL, as in a tree. Rules tell a name's
 * ending by it.
 */
function asInTree(path: RepoPath): Uint8Array {
  return Buffer.from(`${pathBytes(path).toString('latin1').replaceAll('/', '\0')}\0`, 'latin1')
}
