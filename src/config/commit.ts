import { posix } from 'node:path'
import { ConfigError, UsageError } from '../model/errors.ts'
import { commitOf, openRepository, type RepositoryRequest } from '../git/commands/repository.ts'
import { readGit } from '../git/commands/run.ts'
import { type PolicyFiles, policyFileNames } from './files.ts'
import { decodeUtf8, tooLargeError } from './text.ts'

/** A commit's folder with files of a policy, and where it is from the top. */
export interface CommitPolicyFolder {
  readonly files: PolicyFiles
  /** `` for the top, else `sub/`. */
  readonly prefix: string
  /** The first of the files it has. */
  readonly name: string
}

/**
 * The folder nearest to `from` (relative to the top, with `/`) that has a policy in the commit
 * `revision`; undefined when none has. UsageError when the revision names no commit.
 */
export async function findPolicyFolderInCommit(
  request: RepositoryRequest,
  revision: string,
  from: string,
): Promise<CommitPolicyFolder | undefined> {
  const place = await locateCommit(request, revision)
  for (let folder = posix.normalize(from === '' ? '.' : from); ; folder = posix.dirname(folder)) {
    const prefix = folder === '.' ? '' : `${folder}/`
    const found = await Promise.all(
      policyFileNames.map((name) => readTreeEntry(place, prefix + name)),
    )
    const name = policyFileNames.find((_, index) => found[index] !== undefined)
    if (name !== undefined) return { prefix, name, files: filesOf(place, prefix) }
    if (folder === '.' || folder === '/') return undefined
  }
}

/**
 * The files of the folder `prefix` (`` for the top, else `sub/`) in the commit `revision`.
 * UsageError when the revision names no commit.
 */
export async function commitFiles(
  request: RepositoryRequest,
  revision: string,
  prefix: string,
): Promise<PolicyFiles> {
  return filesOf(await locateCommit(request, revision), prefix)
}

async function locateCommit(request: RepositoryRequest, revision: string): Promise<CommitLocation> {
  const repository = await openRepository(request)
  const commit = await commitOf(repository, revision)
  if (commit === undefined)
    throw new UsageError(`--config-from: ${revision} names no commit of this repository`)
  return { cwd: repository.gitDir, env: repository.env, commit, revision }
}

interface CommitLocation {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly commit: string
  /** As it was given, for messages. */
  readonly revision: string
}

function filesOf(place: CommitLocation, prefix: string): PolicyFiles {
  const called = (name: string): string => `${place.revision}:${prefix}${name}`
  return {
    displayName: called,
    async read(name, limit) {
      const path = posix.normalize(prefix + name)
      if (path.startsWith('../') || !path.startsWith(prefix))
        throw new ConfigError(`${called(name)}: leads out of its folder`)
      const entry = await readTreeEntry(place, path)
      if (entry === undefined) return undefined
      if (entry.mode === '120000')
        throw new ConfigError(
          `${called(name)}: a symbolic link, which is not followed: put the file itself there`,
        )
      if (!entry.mode.startsWith('100')) throw new ConfigError(`${called(name)}: not a plain file`)
      if (entry.size > limit) throw tooLargeError(called(name), limit)
      return decodeUtf8(
        await readGit({ ...place, args: ['cat-file', 'blob', entry.id] }),
        called(name),
      )
    },
  }
}

interface TreeEntry {
  readonly mode: string
  readonly id: string
  readonly size: number
}

/** `100644 blob 3b18e51…      12\toakum.yaml\0` */
async function readTreeEntry(place: CommitLocation, path: string): Promise<TreeEntry | undefined> {
  const said = (
    await readGit({
      ...place,
      args: ['ls-tree', '-l', '-z', '--full-tree', place.commit, '--', path],
    })
  ).toString('latin1')
  const [mode, , id, size] = said.slice(0, Math.max(0, said.indexOf('\t'))).split(/ +/)
  return mode === undefined || id === undefined ? undefined : { mode, id, size: Number(size) || 0 }
}
