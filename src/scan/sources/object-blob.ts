import type { GitObject } from '../../git/objects/objects.ts'
import type { SourceBlob } from '../../model/model.ts'

/** An object of a repository, or one window of it, as something to scan. */
export function objectBlob(
  { id, kind, start, bytes, last }: GitObject,
  origins: SourceBlob['origins'],
): SourceBlob {
  return { id, kind, origins, start, bytes, last }
}
