/** Writes output files whole or not at all, and never through a symbolic link. */
import {
  accessSync,
  constants,
  lstatSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { UsageError } from '../../model/errors.ts'
import { crypto } from '../../model/lazy-crypto.ts'

const reasonsByCode: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'its folder is not a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
}

/**
 * Throws a UsageError where `path` cannot be written. Commands call this before a long scan, so
 * that the error comes at once.
 */
export function checkOutputFile(path: string): void {
  if (isStream(path)) return
  try {
    const folder = dirname(path)
    if (!statSync(folder).isDirectory()) throw writeError(path, 'its folder is not a folder')
    accessSync(folder, constants.W_OK)
    const stat = lstatSync(path, { throwIfNoEntry: false })
    if (stat?.isSymbolicLink()) throw writeError(path, 'it is a symbolic link')
    if (stat?.isDirectory()) throw writeError(path, 'it is a folder')
    if (stat && !stat.isFile()) throw writeError(path, 'it is not a regular file')
  } catch (error) {
    throw asWriteError(path, error)
  }
}

/**
 * True for what has no content that could be replaced: `/dev/null`, `/dev/stdout`, `/dev/fd/63` of
 * a shell's `>(gzip)`, and FIFOs. A link elsewhere may be an attacker's, and is none of these.
 */
function isStream(path: string): boolean {
  const isInDev = /^\/dev\/(?:null|tty|stdout|stderr|fd\/\d+)$/.test(resolve(path))
  try {
    return isInDev || lstatSync(path).isFIFO()
  } catch {
    return false
  }
}

/** Appends, since a shell may have opened the same file for something else: `> file 2>&1`. */
function writeStream(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'a' })
  } catch (error) {
    throw asWriteError(path, error)
  }
}

/**
 * Writes a temporary file in the same folder and renames it to `path`: a link or file that appears
 * there meanwhile is replaced, not followed.
 */
export function writeOutputFile(path: string, text: string, isPrivate: boolean): void {
  if (isStream(path)) {
    writeStream(path, text)
    return
  }
  checkOutputFile(path)
  const temporaryPath = join(
    dirname(path),
    `.${basename(path).slice(0, 100)}.${crypto().randomBytes(6).toString('hex')}.tmp`,
  )
  try {
    const mode = isPrivate ? 0o600 : 0o666
    writeFileSync(temporaryPath, text, { flag: 'wx', mode, flush: true })
    renameSync(temporaryPath, path)
  } catch (error) {
    rmSync(temporaryPath, { force: true })
    throw asWriteError(path, error)
  }
}

function asWriteError(path: string, error: unknown): UsageError {
  if (error instanceof UsageError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  return writeError(path, reasonsByCode[code] ?? code)
}

function writeError(path: string, reason: string): UsageError {
  return new UsageError(`cannot write ${path}: ${reason}`)
}
