/** Applies the changes of an installation in order: all of them, or none. */
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { readRegularFile } from '../../model/regular-file.ts'
import { UsageError } from '../../model/errors.ts'

/** All changes of an installation or its removal, before any of them is made. */
export interface InstallPlan {
  readonly changes: readonly FileChange[]
  readonly steps: readonly ReversibleStep[]
  /** Messages to the user about what to know or do, one line each. */
  readonly notes: readonly string[]
}

/** A file on disk. */
export interface FileContent {
  readonly bytes: Buffer
  /** Permission bits. */
  readonly mode: number
}

export interface FileChange {
  readonly path: string
  readonly before: FileContent | undefined
  /** The new file; undefined removes it. */
  readonly after: FileContent | undefined
  /** A short description of the change for the user. */
  readonly summary: string
}

/** An action other than a file change that can be undone, such as a git setting. */
export interface ReversibleStep {
  readonly summary: string
  readonly apply: () => Promise<void>
  readonly undo: () => Promise<void>
}

/** Hooks and the configuration files of hook managers usually have a few kilobytes. */
const MAX_BYTES = 4 << 20

/**
 * Reads the file at a path; undefined where there is none. Throws a UsageError for anything but a
 * regular file: a link may lead out of the repository.
 */
export function readFileContent(path: string): FileContent | undefined {
  const stats = statOf(path)
  if (stats === undefined) return undefined
  const kind = otherKindOf(stats)
  if (kind !== undefined)
    throw new UsageError(
      `${path} is ${kind}, and is left alone: remove it, or put a file in its place`,
    )
  if (stats.size > MAX_BYTES)
    throw new UsageError(`${path} is larger than any hook or configuration: it is left alone`)
  return { bytes: withReadableErrors(path, () => readRegularFile(path)), mode: stats.mode & 0o777 }
}

function otherKindOf(stats: Stats): string | undefined {
  if (stats.isSymbolicLink()) return 'a symbolic link'
  if (stats.isDirectory()) return 'a folder'
  return stats.isFile() ? undefined : 'not a regular file'
}

/**
 * True when the path is a folder, false when nothing is there. Throws a UsageError for anything
 * else: a link may lead out of the repository.
 */
export function isRealFolder(path: string): boolean {
  const stats = statOf(path)
  if (stats?.isSymbolicLink())
    throw new UsageError(
      `${path} is a symbolic link, and links are not followed: put a folder in its place, ` +
        'or set core.hooksPath to the folder it leads to',
    )
  if (stats !== undefined && !stats.isDirectory())
    throw new UsageError(
      `${path} is not a folder, so git finds no hooks there: remove it, or unset core.hooksPath`,
    )
  return stats !== undefined
}

function statOf(path: string): Stats | undefined {
  return withReadableErrors(path, () => {
    try {
      return lstatSync(path, { throwIfNoEntry: false })
    } catch (error) {
      // core.hooksPath may be /dev/null, and a path below a file fails with ENOTDIR.
      if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return undefined
      throw error
    }
  })
}

/**
 * Makes all file changes, then takes all steps. When one fails, the earlier ones are undone and the
 * failure is thrown.
 */
export async function applyAll(
  changes: readonly FileChange[],
  steps: readonly ReversibleStep[] = [],
): Promise<void> {
  const undoActions: (() => void | Promise<void>)[] = []
  try {
    for (const change of changes) {
      undoActions.unshift(makeFolder(dirname(change.path)))
      replaceFile(change.path, { expected: change.before, next: change.after })
      undoActions.unshift(() =>
        replaceFile(change.path, { expected: change.after, next: change.before }),
      )
    }
    for (const step of steps) {
      await step.apply()
      undoActions.unshift(step.undo)
    }
  } catch (error) {
    for (const undo of undoActions) await undo()
    throw error
  }
}

/** Creates a folder and its missing parents; returns a function that removes the new ones. */
function makeFolder(path: string): () => void {
  const missing: string[] = []
  for (let at = path; statOf(at) === undefined; at = dirname(at)) missing.push(at)
  withReadableErrors(path, () => mkdirSync(path, { recursive: true }))
  return () => {
    for (const folder of missing) rmdirSync(folder)
  }
}

interface FileReplacement {
  readonly expected: FileContent | undefined
  /** The new file; undefined removes it. */
  readonly next: FileContent | undefined
}

/**
 * Replaces or removes a file that has the expected content. It writes a temporary file beside it and
 * renames that, so that the old or the new file exists at every moment.
 */
function replaceFile(path: string, { expected, next }: FileReplacement): void {
  const current = readFileContent(path)
  const isAsPlanned =
    current === undefined ? expected === undefined : expected?.bytes.equals(current.bytes) === true
  if (!isAsPlanned)
    throw new UsageError(`${path} was changed by another program just now: run it again`)
  withReadableErrors(path, () => {
    if (next === undefined) {
      rmSync(path, { force: true })
      return
    }
    const draft = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
    try {
      writeFileSync(draft, next.bytes, { flag: 'wx', mode: next.mode, flush: true })
      // The umask may have removed permissions.
      chmodSync(draft, next.mode)
      renameSync(draft, path)
    } catch (error) {
      rmSync(draft, { force: true })
      throw error
    }
  })
}

/** Runs a file operation and turns its error into a UsageError with the reason in words. */
function withReadableErrors<Result>(path: string, operation: () => Result): Result {
  try {
    return operation()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new UsageError(`cannot change ${path}: ${reasons[code] ?? code}`, { cause: error })
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a parent of it is not a folder',
  ENOENT: 'its folder does not exist',
  EEXIST: 'another file is in its place',
}
