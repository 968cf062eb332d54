import { type Dirent, readdirSync } from 'node:fs'
import { basename, join, relative, sep } from 'node:path'
import type { Repository } from '../../git/commands/repository.ts'
import type { Batch, SkippedClean, Skip, Source, SourceBlob } from '../../model/model.ts'
import { type FileToRead, readFiles } from './read-files.ts'

const NAMES = ['config', 'config.worktree']

/** Within a submodule's own folder: what may be large and holds no configuration. */
const NO_MODULES = new Set(['objects', 'refs', 'logs', 'hooks', 'info', 'lfs'])

/** Submodules within submodules, and folders in their names. */
const MAX_DEPTH = 12

/**
 * What a source gives, and the repository's own configuration: addresses of remotes with a password
 * in them stay in this clone, but whoever copies it has them. Work trees' and submodules'
 * configuration too.
 */
export function withGitConfig(source: Source, repository: Repository): Source {
  return {
    ...source,
    async *blobs(signal) {
      yield* source.blobs(signal)
      for await (const batch of readFiles(
        configFiles(repository),
        { jobs: 1, maxBytes: undefined, mayBeGone: () => true },
        signal,
      ))
        yield worthReading(batch)
    },
  }
}

/** Most hold nothing of the kind, and are no part of what is counted as scanned. */
const credentials = /:\/\/[^\s/"]{1,1000}@|extraheader|pass|token|secret/i

function* worthReading(batch: Batch): Generator<SourceBlob | Skip | SkippedClean> {
  for (const item of batch)
    if (
      !('origins' in item) ||
      (item.origins[0].inName === undefined &&
        credentials.test(Buffer.from(item.bytes).toString('latin1')))
    )
      yield item
}

/** `.git/config`, or `shop.git/config` of a bare repository. */
function* configFiles({ commonDir }: Pick<Repository, 'commonDir'>): Generator<FileToRead> {
  const called = `${basename(commonDir).replace(/\.git$/, '')}.git`
  const named = (folder: string): readonly FileToRead[] =>
    NAMES.map((name) => {
      const file = join(folder, name)
      return {
        file,
        known: { state: 'local' },
        path: { text: `${called}/${relative(commonDir, file).split(sep).join('/')}` },
      }
    })
  yield* named(commonDir)
  for (const entry of foldersIn(join(commonDir, 'worktrees')))
    yield* named(join(commonDir, 'worktrees', entry))
  const open = foldersIn(join(commonDir, 'modules')).map((name) => ({
    folder: join(commonDir, 'modules', name),
    depth: 1,
  }))
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { folder, depth } = next
    yield* named(folder)
    if (depth < MAX_DEPTH)
      for (const name of foldersIn(folder))
        if (!NO_MODULES.has(name)) open.push({ folder: join(folder, name), depth: depth + 1 })
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
