/** Lists the env files that git tracks, for the verdict of an audit. */
import { repoPath, zFields } from '../git/commands/path.ts'
import { commitOf, type Repository } from '../git/commands/repository.ts'
import { readGit, startGit } from '../git/commands/run.ts'
import { catFileReader } from '../git/objects/cat-file-reader.ts'
import { listFilesOf } from '../git/objects/compare-trees.ts'
import { envFamilyOf } from '../scan/env-files/family.ts'

/** The most bytes of paths in HEAD that git lists. A few objects can have 10^10 paths. */
const MAX_LIST_BYTES = 64 << 20

/** Lists env files in the index, or in HEAD of a bare repository. Templates are skipped. */
export async function trackedEnvFiles(repository: Repository): Promise<readonly string[]> {
  const paths = repository.top === null ? await pathsInHead(repository) : await inIndex(repository)
  return [...new Set(paths)].filter((path) => envFamilyOf(path) === 'env')
}

async function inIndex({ top, cwd, env }: Repository): Promise<readonly string[]> {
  const args = ['ls-files', '-z', '--full-name', '--', '.']
  const names = await readGit({ cwd: top ?? cwd, env, args }).catch(() => Buffer.alloc(0))
  return pathsIn(names)
}

/** Lists the paths of HEAD; where there are too many, those at which each folder stands first. */
async function pathsInHead(repository: Repository): Promise<readonly string[]> {
  const args = ['ls-tree', '-r', '-z', '--name-only', '--full-tree', 'HEAD']
  const git = startGit({ ...repository, args })
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of git.stdout) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > MAX_LIST_BYTES) break
  }
  git.stop()
  if (bytes <= MAX_LIST_BYTES) return pathsIn(Buffer.concat(chunks))
  const head = await commitOf(repository, 'HEAD')
  if (head === undefined) return []
  const { signal } = new AbortController()
  const reader = catFileReader(repository, 1)
  const files = await listFilesOf(head, { reader, signal, idBytes: repository.idLength / 2 })
  return files.changes.map(({ path }) => path.text)
}

function pathsIn(names: Buffer): readonly string[] {
  return Array.from(zFields(names), (name) => repoPath(name).text)
}
