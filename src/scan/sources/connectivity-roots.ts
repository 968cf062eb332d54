import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { zFields } from '../../git/commands/path.ts'
import type { ConnectivityRoots } from '../../git/objects/objects.ts'
import type { Refs } from '../../git/commands/refs.ts'
import type { Repository } from '../../git/commands/repository.ts'
import { readGit } from '../../git/commands/run.ts'
import { crypto } from '../../model/lazy-crypto.ts'

/**
 * Names of the objects at which git begins to walk: what refs, reflogs and the index name.
 * Undefined where they are kept in a way that only git can read.
 */
export async function connectivityRoots(
  repository: Repository,
  refs: () => Promise<Refs>,
  signal: AbortSignal,
): Promise<ConnectivityRoots | undefined> {
  const { commonDir, gitDir, top } = repository
  // Other work trees have an index and a HEAD of their own.
  if (isThere(join(commonDir, 'reftable')) || isThere(join(commonDir, 'worktrees')))
    return undefined
  // Of all folders, also where git runs in one of them.
  const env = { ...repository.env, GIT_LITERAL_PATHSPECS: '0' }
  const [listed, index] = await Promise.all([
    refs(),
    top === null
      ? Buffer.alloc(0)
      : readGit({
          ...repository,
          env,
          args: ['ls-files', '--stage', '-z', '--full-name', ':/'],
          signal,
        }),
  ])
  const logs = [...new Set([commonDir, gitDir])].flatMap((folder) => [
    ...logsIn(join(folder, 'logs')),
  ])
  const said = [listed.output, index, ...logs]
  return {
    // How long each is comes before it: no two lists of texts become the same.
    digest: () =>
      said
        .reduce(
          (hash, text) => hash.update(`${text.length} `).update(text),
          crypto().createHash('sha256'),
        )
        .digest('hex'),
    // All else that refs stand for is what these objects refer to.
    ids: () =>
      new Set([
        ...listed.targetIds(),
        ...indexed(index),
        ...logs.flatMap((log) => [...logged(log, repository.idLength)]),
      ]),
  }
}

/** `100644 3b18e5… 0\tsrc/a.ts\0`; mode 160000 is a commit of another repository. */
function* indexed(output: Buffer): Generator<string> {
  for (const field of zFields(output)) {
    const [mode, id] = field.toString('latin1', 0, Math.max(0, field.indexOf(9))).split(' ')
    if (id !== undefined && mode !== '160000') yield id
  }
}

/**
 * A reflog: `<before> <after> Name <mail> 1735689600 +0000\tcommit: …`; before the first entry
 * stand zeros.
 */
function* logged(log: Buffer, idLength: number): Generator<string> {
  for (const line of log.toString('latin1').split('\n')) {
    for (const id of [line.slice(0, idLength), line.slice(idLength + 1, 2 * idLength + 1)])
      if (/^[0-9a-f]+$/.test(id) && !/^0+$/.test(id)) yield id
  }
}

function* logsIn(folder: string): Generator<Buffer> {
  for (const entry of isThere(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
    : [])
    if (entry.isFile()) yield readFileSync(join(entry.parentPath, entry.name))
}

function isThere(folder: string): boolean {
  try {
    readdirSync(folder)
    return true
  } catch {
    return false
  }
}
