/** `--output FILE`: all of it or nothing, and never through a link. */
import {
  accessSync,
  constants,
  lstatSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { UsageError } from '../../model/errors.ts'
import { crypto } from '../../model/lazy-crypto.ts'

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'its folder is not a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
}

/**
 * Throws a UsageError where a report surely cannot be written, so that this is known before a long
 * scan.
 */
export function checkOutputFile(path: string): void {
  try {
    const folder = dirname(path)
    if (!statSync(folder).isDirectory()) throw refusal(path, 'its folder is not a folder')
    accessSync(folder, constants.W_OK)
    const there = lstatSync(path, { throwIfNoEntry: false })
    if (there?.isSymbolicLink()) throw refusal(path, 'it is a symbolic link')
    if (there?.isDirectory()) throw refusal(path, 'it is a folder')
    if (there && !there.isFile()) throw refusal(path, 'it is not a regular file')
  } catch (error) {
    throw asRefusal(path, error)
  }
}

/**
 * Writes beside the file, then renames: a link or a file put there meanwhile is replaced, not
 * followed.
 */
export function writeOutputFile(path: string, text: string, isPrivate: boolean): void {
  checkOutputFile(path)
  const draft = join(
    dirname(path),
    `.${basename(path).slice(0, 100)}.${crypto().randomBytes(6).toString('hex')}.tmp`,
  )
  try {
    writeFileSync(draft, text, { flag: 'wx', mode: isPrivate ? 0o600 : 0o666, flush: true })
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw asRefusal(path, error)
  }
}

function asRefusal(path: string, error: unknown): UsageError {
  if (error instanceof UsageError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  return refusal(path, reasons[code] ?? code)
}

function refusal(path: string, reason: string): UsageError {
  return new UsageError(`cannot write ${path}: ${reason}`)
}
