import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readRegularFile } from '../../model/regular-file.ts'
import { zFields } from '../../git/commands/path.ts'
import type { Refs } from '../../git/commands/refs.ts'
import type { Repository } from '../../git/commands/repository.ts'
import { readGit } from '../../git/commands/run.ts'
import type { ConnectivityRoots } from '../../git/objects/objects.ts'
import { crypto } from '../../model/lazy-crypto.ts'

/**
 * Reads the ids of the objects at which `git rev-list --all --reflog --indexed-objects` begins to
 * walk: those in refs, reflogs and the index. Undefined where only git can read them all: with
 * reftables, and where further work trees have an index and a HEAD of their own.
 */
export async function connectivityRoots(
  repository: Repository,
  refs: () => Promise<Refs>,
  signal: AbortSignal,
): Promise<ConnectivityRoots | undefined> {
  const { commonDir, gitDir, idLength } = repository
  if (isFolder(join(commonDir, 'reftable')) || isFolder(join(commonDir, 'worktrees')))
    return undefined
  const [refList, index] = await Promise.all([refs(), indexOutput(repository, signal)])
  const logs = [...new Set([commonDir, gitDir])].flatMap((folder) => [
    ...readFiles(join(folder, 'logs')),
  ])
  const texts = [refList.output, index, ...logs]
  return {
    // Each text is hashed behind its length, so that different lists cannot hash alike.
    digest: () =>
      texts
        .reduce(
          (hash, text) => hash.update(`${text.length} `).update(text),
          crypto().createHash('sha256'),
        )
        .digest('hex'),
    ids: () =>
      new Set([
        ...refList.targetIds(),
        ...indexIds(index),
        ...logs.flatMap((log) => [...reflogIds(log, idLength)]),
      ]),
  }
}

async function indexOutput(repository: Repository, signal: AbortSignal): Promise<Buffer> {
  // A bare repository has an index only where a tool made one.
  if (repository.top === null && !existsSync(join(repository.gitDir, 'index')))
    return Buffer.alloc(0)
  return readGit({
    ...repository,
    // The pathspec `:/` means the top of the work tree, from whatever folder git runs in.
    env: { ...repository.env, GIT_LITERAL_PATHSPECS: '0' },
    args: ['ls-files', '--stage', '-z', '--full-name', ':/'],
    signal,
  })
}

/**
 * Parses `100644 3b18e5… 0\tsrc/a.ts\0`; mode 160000 is a submodule, whose commit is in another
 * repository.
 */
function* indexIds(output: Buffer): Generator<string> {
  for (const field of zFields(output)) {
    const [mode, id] = field.toString('latin1', 0, Math.max(0, field.indexOf(9))).split(' ')
    if (id !== undefined && mode !== '160000') yield id
  }
}

/**
 * Parses lines of a reflog, `<old id> <new id> Name <mail> 1735689600 +0000\tcommit: …`; the old id
 * of the first entry is all zeros.
 */
function* reflogIds(log: Buffer, idLength: number): Generator<string> {
  for (const line of log.toString('latin1').split('\n')) {
    for (const id of [line.slice(0, idLength), line.slice(idLength + 1, 2 * idLength + 1)])
      if (/^[0-9a-f]+$/.test(id) && !/^0+$/.test(id)) yield id
  }
}

/** Reads all files below a folder, none where it does not exist. */
function* readFiles(folder: string): Generator<Buffer> {
  for (const entry of isFolder(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
    : [])
    if (entry.isFile()) yield readRegularFile(join(entry.parentPath, entry.name))
}

function isFolder(path: string): boolean {
  try {
    readdirSync(path)
    return true
  } catch {
    return false
  }
}
