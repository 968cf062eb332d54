/** Reads policy files from a commit instead of the disk, for `--config-from`. */
import { posix } from 'node:path'
import { ConfigError, UsageError } from '../model/errors.ts'
import { commitOf, openRepository, type RepositoryRequest } from '../git/commands/repository.ts'
import { readGit } from '../git/commands/run.ts'
import { decodeUtf8, type PolicyFiles, policyFileNames, tooLargeError } from './files.ts'

/** A folder of a commit that contains at least one policy file. */
export interface CommitPolicyFolder {
  readonly files: PolicyFiles
  /** The folder's path from the top of the repository: `` for the top itself, else `sub/`. */
  readonly prefix: string
  /** Name of the first policy file in the folder, in the order of `policyFileNames`. */
  readonly name: string
}

/**
 * Returns the folder nearest to `from` (a path relative to the top, with `/`) that has a policy file
 * in the commit `revision`; undefined when no folder has one. Throws a UsageError when the revision
 * names no commit.
 */
export async function findPolicyFolderInCommit(
  request: RepositoryRequest,
  revision: string,
  from: string,
): Promise<CommitPolicyFolder | undefined> {
  const location = await locateCommit(request, revision)
  for (let folder = posix.normalize(from === '' ? '.' : from); ; folder = posix.dirname(folder)) {
    const prefix = folder === '.' ? '' : `${folder}/`
    const entries = await Promise.all(
      policyFileNames.map((name) => readTreeEntry(location, prefix + name)),
    )
    const name = policyFileNames.find((_, index) => entries[index] !== undefined)
    if (name !== undefined) return { prefix, name, files: filesIn(location, prefix) }
    if (folder === '.' || folder === '/') return undefined
  }
}

/**
 * Returns the files of the folder `prefix` (`` for the top, else `sub/`) in the commit `revision`.
 * Throws a UsageError when the revision names no commit.
 */
export async function commitFiles(
  request: RepositoryRequest,
  revision: string,
  prefix: string,
): Promise<PolicyFiles> {
  return filesIn(await locateCommit(request, revision), prefix)
}

/** A commit of a repository and the way to run git there. */
interface CommitLocation {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly commit: string
  /** The revision as the user typed it, for messages. */
  readonly revision: string
}

async function locateCommit(request: RepositoryRequest, revision: string): Promise<CommitLocation> {
  const repository = await openRepository(request)
  const commit = await commitOf(repository, revision)
  if (commit === undefined)
    throw new UsageError(`--config-from: ${revision} names no commit of this repository`)
  return { cwd: repository.gitDir, env: repository.env, commit, revision }
}

function filesIn(location: CommitLocation, prefix: string): PolicyFiles {
  const displayName = (name: string): string => `${location.revision}:${prefix}${name}`
  return {
    displayName,
    async read(name, maxBytes) {
      const shownName = displayName(name)
      const path = posix.normalize(prefix + name)
      if (path.startsWith('../') || !path.startsWith(prefix))
        throw new ConfigError(`${shownName}: leads out of its folder`)
      const entry = await readTreeEntry(location, path)
      if (entry === undefined) return undefined
      if (entry.mode === '120000')
        throw new ConfigError(
          `${shownName}: a symbolic link, which is not followed: put the file itself there`,
        )
      if (!entry.mode.startsWith('100')) throw new ConfigError(`${shownName}: not a regular file`)
      if (entry.size > maxBytes) throw tooLargeError(shownName, maxBytes)
      const bytes = await readGit({ ...location, args: ['cat-file', 'blob', entry.id] })
      return decodeUtf8(bytes, shownName)
    },
  }
}

interface TreeEntry {
  readonly mode: string
  readonly id: string
  readonly size: number
}

/** Reads one entry of the commit's tree: `100644 blob 3b18e51…      12\toakum.yaml\0`. */
async function readTreeEntry(
  location: CommitLocation,
  path: string,
): Promise<TreeEntry | undefined> {
  const output = await readGit({
    ...location,
    args: ['ls-tree', '-l', '-z', '--full-tree', location.commit, '--', path],
  })
  const text = output.toString('latin1')
  const [mode, , id, size] = text.slice(0, Math.max(0, text.indexOf('\t'))).split(/ +/)
  return mode === undefined || id === undefined ? undefined : { mode, id, size: Number(size) || 0 }
}
