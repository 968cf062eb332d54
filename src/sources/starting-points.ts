import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { zFields } from '../git/path.ts'
import type { Ref } from '../git/refs.ts'
import type { Repository } from '../git/repository.ts'
import { readGit } from '../git/run.ts'

/**
 * Names of the objects at which git begins to walk: what refs, reflogs and the index name. Undefined where they are kept in
 * a way that only git can read.
 */
export async function startingPoints(repository: Repository, refs: () => Promise<readonly Ref[]>, signal: AbortSignal): Promise<readonly string[] | undefined> {
  const { commonDir, gitDir, top } = repository
  // Other work trees have an index and a HEAD of their own.
  if (isThere(join(commonDir, 'reftable')) || isThere(join(commonDir, 'worktrees'))) return undefined
  const [listed, index] = await Promise.all([refs(), top === null ? Buffer.alloc(0) : readGit({ ...repository, args: ['ls-files', '--stage', '-z', '--full-name', ':/'], signal })])
  // All else they stand for is what these objects refer to.
  const ids = new Set(listed.flatMap((ref) => ref.ids.slice(0, 1)))
  for (const id of indexed(index)) ids.add(id)
  for (const folder of new Set([commonDir, gitDir])) for (const id of logged(join(folder, 'logs'), repository.idLength)) ids.add(id)
  return [...ids]
}

/** `100644 3b18e5… 0\tsrc/a.ts\0`; mode 160000 is a commit of another repository. */
function* indexed(output: Buffer): Generator<string> {
  for (const field of zFields(output)) {
    const [mode, id] = field.toString('latin1', 0, Math.max(0, field.indexOf(9))).split(' ')
    if (id !== undefined && mode !== '160000') yield id
  }
}

/** Reflogs: `<before> <after> Name <mail> 1735689600 +0000\tcommit: …`, one file a ref; before the first entry stand zeros. */
function* logged(folder: string, idLength: number): Generator<string> {
  for (const entry of isThere(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : []) {
    if (!entry.isFile()) continue
    for (const line of readFileSync(join(entry.parentPath, entry.name), 'latin1').split('\n')) {
      for (const id of [line.slice(0, idLength), line.slice(idLength + 1, 2 * idLength + 1)]) if (/^[0-9a-f]+$/.test(id) && !/^0+$/.test(id)) yield id
    }
  }
}

function isThere(folder: string): boolean {
  try {
    readdirSync(folder)
    return true
  } catch {
    return false
  }
}
