/** The context of an import, and reading of files from disk, work tree and commits. */
import { statSync } from 'node:fs'
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { readRegularFile } from '../../model/regular-file.ts'
import type { Repository } from '../../git/commands/repository.ts'
import { readGit } from '../../git/commands/run.ts'
import { UsageError } from '../../model/errors.ts'
import type { Rule } from '../../model/rule.ts'
import type { RuleIds } from './rule-id.ts'
import type { IsSlow } from './slow.ts'

/** Configuration files of other tools are much smaller. */
const MAX_FILE_BYTES = 16 << 20

/** A file of another tool, with its text. */
export interface ToolFile {
  /** The path as messages show it: relative to the current folder when it is below. */
  readonly file: string
  readonly name: string
  readonly text: string
}

export interface ImportContext {
  readonly cwd: string
  /** The repository around the current folder, if any. */
  readonly repository: Repository | undefined
  readonly ids: RuleIds
  /** The rules that come with Oakum. */
  readonly builtin: readonly Rule[]
  readonly isSlow: IsSlow
}

/** Reads a file of another tool. Throws a UsageError when that is impossible. */
export function readToolFile(path: string, cwd: string): ToolFile {
  const absolute = resolve(cwd, path)
  const relativePath = relative(cwd, absolute)
  const isBelow = !relativePath.startsWith('..') && !isAbsolute(relativePath)
  const file = isBelow ? relativePath.split(sep).join('/') || '.' : absolute
  const stats = statSync(absolute, { throwIfNoEntry: false })
  if (stats === undefined) throw new UsageError(`${file} does not exist`)
  if (!stats.isFile()) throw new UsageError(`${file} is not a file`)
  if (stats.size > MAX_FILE_BYTES) throw new UsageError(`${file} is larger than 16 MiB`)
  try {
    return {
      file,
      name: basename(absolute),
      text: readRegularFile(absolute)
        .toString('utf8')
        .replace(/^\uFEFF/, ''),
    }
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    throw new UsageError(`${file} cannot be read: ${reason}`)
  }
}

/** Reads a file by its path from the repository's top in a commit; undefined when it is absent. */
export function readPathInCommit(
  context: ImportContext,
  path: string,
  commit: string,
): Promise<Buffer | undefined> {
  return readBlob(context, `${commit}:${path.replace(/^(?:\.\/)+/, '')}`)
}

/**
 * Reads a blob by its id or by any object name that git understands. Returns undefined when there
 * is no such blob or it is too large.
 */
export async function readBlob(
  context: ImportContext,
  object: string,
): Promise<Buffer | undefined> {
  if (context.repository === undefined) return undefined
  const { cwd, env } = context.repository
  try {
    const size = Number((await readGit({ cwd, env, args: ['cat-file', '-s', object] })).toString())
    return size > MAX_FILE_BYTES
      ? undefined
      : await readGit({ cwd, env, args: ['cat-file', 'blob', object] })
  } catch {
    return undefined
  }
}

/**
 * Reads a file of the work tree, or of the current folder outside of a repository. Returns undefined
 * when the path leads elsewhere or the file is absent or too large.
 */
export function readInWorkTree(context: ImportContext, path: string): Buffer | undefined {
  const top = context.repository?.top ?? context.cwd
  const absolute = join(top, path)
  if (relative(top, absolute).startsWith('..') || isAbsolute(path)) return undefined
  const stats = statSync(absolute, { throwIfNoEntry: false })
  return stats?.isFile() === true && stats.size <= MAX_FILE_BYTES
    ? readRegularFile(absolute)
    : undefined
}
