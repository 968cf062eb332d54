/** What an installation changes, in order; all of it, or nothing. */
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { UsageError } from '../../model/errors.ts'

/** A file as it is on disk. */
export interface FileContent {
  readonly bytes: Buffer
  /** Permissions. */
  readonly mode: number
}

export interface FileChange {
  readonly path: string
  readonly before: FileContent | undefined
  /** Undefined takes the file away. */
  readonly after: FileContent | undefined
  /** What was done, for the user. */
  readonly summary: string
}

/** Something else that can be done and undone, such as a setting of git. */
export interface ReversibleStep {
  readonly summary: string
  readonly apply: () => Promise<void>
  readonly undo: () => Promise<void>
}

/** Most files of hooks and their managers are a few kilobytes. */
const MAX_BYTES = 4 << 20

/**
 * The file at a path, or undefined where there is none. What is no plain file is refused: it may
 * lead elsewhere.
 */
export function readRegularFile(path: string): FileContent | undefined {
  const there = statOf(path)
  if (there === undefined) return undefined
  const kind = there.isSymbolicLink()
    ? 'a symbolic link'
    : there.isDirectory()
      ? 'a folder'
      : there.isFile()
        ? undefined
        : 'no regular file'
  if (kind !== undefined)
    throw new UsageError(
      `${path} is ${kind}, and is left alone: take it away, or put a file in its place`,
    )
  if (there.size > MAX_BYTES)
    throw new UsageError(`${path} is larger than any hook or configuration: it is left alone`)
  return { bytes: failingPlainly(path, () => readFileSync(path)), mode: there.mode & 0o777 }
}

/**
 * Is there a folder at the path itself? Throws where there is a link, which may lead out of the
 * repository, or something else.
 */
export function isRealFolder(path: string): boolean {
  const there = statOf(path)
  if (there?.isSymbolicLink())
    throw new UsageError(
      `${path} is a symbolic link, and links are not followed: put a folder in its place, or name the one it leads to (core.hooksPath)`,
    )
  if (there !== undefined && !there.isDirectory())
    throw new UsageError(
      `${path} is no folder, so git finds no hooks there: take it away, or unset core.hooksPath`,
    )
  return there !== undefined
}

function statOf(path: string): Stats | undefined {
  return failingPlainly(path, () => {
    try {
      return lstatSync(path, { throwIfNoEntry: false })
    } catch (error) {
      // Below a file there is nothing: core.hooksPath may be /dev/null.
      if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return undefined
      throw error
    }
  })
}

/**
 * Makes all changes, then takes all steps. When one fails, what was done before it is undone, and
 * its failure thrown.
 */
export async function applyAll(
  changes: readonly FileChange[],
  steps: readonly ReversibleStep[] = [],
): Promise<void> {
  const undo: (() => void | Promise<void>)[] = []
  try {
    for (const change of changes) {
      undo.unshift(makeFolder(dirname(change.path)))
      put(change.path, { expected: change.before, next: change.after })
      undo.unshift(() => put(change.path, { expected: change.after, next: change.before }))
    }
    for (const step of steps) {
      await step.apply()
      undo.unshift(step.undo)
    }
  } catch (error) {
    for (const back of undo) await back()
    throw error
  }
}

/** Makes a folder and those above it; gives what takes the new ones away again. */
function makeFolder(path: string): () => void {
  const missing: string[] = []
  for (let at = path; statOf(at) === undefined; at = dirname(at)) missing.push(at)
  failingPlainly(path, () => mkdirSync(path, { recursive: true }))
  return () => {
    for (const folder of missing) rmdirSync(folder)
  }
}

interface Put {
  readonly expected: FileContent | undefined
  readonly next: FileContent | undefined
}

/**
 * Writes beside the file and renames, or removes it: at any moment there is the old one or the new
 * one.
 */
function put(path: string, { expected, next }: Put): void {
  const now = readRegularFile(path)
  const isAsPlanned =
    now === undefined ? expected === undefined : expected?.bytes.equals(now.bytes) === true
  if (!isAsPlanned)
    throw new UsageError(`${path} was changed by another program just now: run it again`)
  failingPlainly(path, () => {
    if (next === undefined) {
      rmSync(path, { force: true })
      return
    }
    const draft = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
    try {
      writeFileSync(draft, next.bytes, { flag: 'wx', mode: next.mode, flush: true })
      // Whatever the umask took away.
      chmodSync(draft, next.mode)
      renameSync(draft, path)
    } catch (error) {
      rmSync(draft, { force: true })
      throw error
    }
  })
}

function failingPlainly<Result>(path: string, act: () => Result): Result {
  try {
    return act()
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
  ENOTDIR: 'something above it is no folder',
  ENOENT: 'its folder is gone',
  EEXIST: 'something is in its way',
}
