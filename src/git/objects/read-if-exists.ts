/** Reads files and folders that need not exist. */
import { readdirSync } from 'node:fs'
import { readRegularFile } from '../../model/regular-file.ts'

/** Returns the names of a folder's entries; none when the folder does not exist. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (isGone(error)) return []
    throw error
  }
}

/** Returns a file's bytes, or undefined when the file does not exist. */
export function readIfExists(path: string): Buffer | undefined {
  try {
    return readRegularFile(path)
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

/** True when the error says that a file or a folder of its path does not exist. */
export function isGone(error: unknown): boolean {
  return isSystemError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}

/** True for an error of the operating system, such as a missing file or a denied permission. */
export function isSystemError(error: unknown): error is Error & { readonly code: unknown } {
  return error instanceof Error && 'syscall' in error && 'code' in error
}
