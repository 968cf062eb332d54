/** Adds the repository's own `.git/config` to a source: remote URLs may hold passwords. */
import { type Dirent, readdirSync } from 'node:fs'
import { basename, join, relative, sep } from 'node:path'
import type { Repository } from '../../git/commands/repository.ts'
import { defaultLimits } from '../../model/limits.ts'
import type { Batch, Skip, SkippedClean, Source, SourceBlob } from '../../model/model.ts'
import { type FileToRead, readFiles } from './read-files.ts'

const CONFIG_NAMES = ['config', 'config.worktree']

/** Folders of a git directory in which there are no submodules. */
const NO_MODULES = new Set(['objects', 'refs', 'logs', 'hooks', 'info', 'lfs'])

/** Folders below `.git/modules`: submodules nest, and their names may contain slashes. */
const MAX_MODULE_DEPTH = 12

/**
 * Adds git's configuration files to a source: those of the repository, of its work trees and of its
 * submodules. A password in the URL of a remote is never committed, but whoever copies the folder
 * has it.
 */
export function withGitConfig(source: Source, repository: Repository): Source {
  return {
    ...source,
    async *blobs(signal) {
      yield* source.blobs(signal)
      const options = { limits: { ...defaultLimits, jobs: 1 }, mayBeMissing: () => true }
      for await (const batch of readFiles(configFiles(repository), options, signal))
        yield withCredentials(batch)
    },
  }
}

/** A URL with a user, or a word that names a credential. */
const credentials = /:\/\/[^\s/"]{1,1000}@|extraheader|pass|token|secret/i

/**
 * Drops names of the files, and files without anything like a credential: nearly every repository
 * would else count one more blob than a user expects.
 */
function* withCredentials(batch: Batch): Generator<SourceBlob | Skip | SkippedClean> {
  for (const item of batch)
    if (
      !('origins' in item) ||
      (item.origins[0].inName === undefined &&
        credentials.test(Buffer.from(item.bytes).toString('latin1')))
    )
      yield item
}

/** Lists files to try. Reports call them `.git/config`, or `shop.git/config` in a bare repository. */
function* configFiles({ commonDir }: Pick<Repository, 'commonDir'>): Generator<FileToRead> {
  const root = `${basename(commonDir).replace(/\.git$/, '')}.git`
  const filesIn = (folder: string): readonly FileToRead[] =>
    CONFIG_NAMES.map((name) => {
      const file = join(folder, name)
      return {
        file,
        status: { state: 'local' },
        path: { text: `${root}/${relative(commonDir, file).split(sep).join('/')}` },
      }
    })
  yield* filesIn(commonDir)
  for (const name of foldersIn(join(commonDir, 'worktrees')))
    yield* filesIn(join(commonDir, 'worktrees', name))
  const queue = foldersIn(join(commonDir, 'modules')).map((name) => ({
    folder: join(commonDir, 'modules', name),
    depth: 1,
  }))
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { folder, depth } = next
    yield* filesIn(folder)
    if (depth < MAX_MODULE_DEPTH)
      for (const name of foldersIn(folder))
        if (!NO_MODULES.has(name)) queue.push({ folder: join(folder, name), depth: depth + 1 })
  }
}

function foldersIn(folder: string): readonly string[] {
  return entriesOf(folder)
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}
