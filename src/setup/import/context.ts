import { readFileSync, statSync } from 'node:fs'
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { UsageError } from '../../model/errors.ts'
import type { Repository } from '../../git/commands/repository.ts'
import { readGit } from '../../git/commands/run.ts'
import type { Rule } from '../../model/rule.ts'
import type { IsSlow } from './slow.ts'
import type { RuleIds } from './rule-id.ts'

/** More than any of these files has; so nothing is read without end. */
const MAX_FILE_BYTES = 16 << 20

/** A file to import, read. */
export interface ToolFile {
  /** As shown: relative to the current folder where it is below. */
  readonly file: string
  readonly name: string
  readonly text: string
}

/** What an import works with. */
export interface ImportContext {
  readonly cwd: string
  /** Around the current folder, if there is one. */
  readonly repository: Repository | undefined
  readonly ids: RuleIds
  /** The rules that come with Oakum. */
  readonly builtin: readonly Rule[]
  readonly isSlow: IsSlow
}

/** Reads a file of another tool; a UsageError says why not. */
export function readToolFile(path: string, cwd: string): ToolFile {
  const absolute = resolve(cwd, path)
  const below = relative(cwd, absolute)
  const file = below.startsWith('..') || isAbsolute(below) ? absolute : below.split(sep).join('/')
  const stats = statSync(absolute, { throwIfNoEntry: false })
  if (stats === undefined) throw new UsageError(`${file}: there is no such file`)
  if (!stats.isFile()) throw new UsageError(`${file} is no file`)
  if (stats.size > MAX_FILE_BYTES) throw new UsageError(`${file} is larger than 16 MiB`)
  try {
    return {
      file,
      name: basename(absolute),
      text: readFileSync(absolute, 'utf8').replace(/^\uFEFF/, ''),
    }
  } catch (error) {
    throw new UsageError(
      `${file} cannot be read: ${error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'}`,
    )
  }
}

/**
 * The bytes of a path, relative to the repository's top, in a commit. Undefined when there is none.
 */
export function readPathInCommit(
  context: ImportContext,
  path: string,
  commit: string,
): Promise<Buffer | undefined> {
  return readBlob(context, `${commit}:${path.replace(/^(?:\.\/)+/, '')}`)
}

/**
 * The bytes of a blob by its id, or by what git calls it. Undefined when there is none, or it is
 * too large.
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
 * The bytes of a file in the work tree (outside of a repository: of the current folder), unless
 * they are elsewhere or too many.
 */
export function readInWorkTree(context: ImportContext, path: string): Buffer | undefined {
  const top = context.repository?.top ?? context.cwd
  const absolute = join(top, path)
  if (relative(top, absolute).startsWith('..') || isAbsolute(path)) return undefined
  const stats = statSync(absolute, { throwIfNoEntry: false })
  return stats?.isFile() === true && stats.size <= MAX_FILE_BYTES
    ? readFileSync(absolute)
    : undefined
}
