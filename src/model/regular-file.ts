/**
 * The one way to open files for reading. Anything may stand where a file is expected: reading from a
 * FIFO waits for ever, and reading from a device may never end.
 */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'

/**
 * Flags that open a file without waiting for a writer, as a FIFO otherwise does. Windows has neither
 * these flags nor FIFOs in folders.
 */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** The same flags for a path whose last part must not be a symbolic link. */
export const OPEN_FLAGS_WITHOUT_LINKS = OPEN_FLAGS | (constants.O_NOFOLLOW ?? 0)

/**
 * Opens a regular file for reading; the caller closes it. Throws errors of the file system, among
 * them EFTYPE for a FIFO or a device, and EISDIR for a folder.
 */
export function openRegularFile(path: string | Buffer | URL, flags = OPEN_FLAGS): number {
  const file = openSync(path, flags)
  try {
    const stat = fstatSync(file)
    if (!stat.isFile()) throw notRegularError(stat.isDirectory())
    return file
  } catch (error) {
    closeSync(file)
    throw error
  }
}

/** Reads a regular file. Throws like `openRegularFile`. */
export function readRegularFile(path: string | Buffer | URL, flags = OPEN_FLAGS): Buffer {
  const file = openRegularFile(path, flags)
  try {
    return readFileSync(file)
  } finally {
    closeSync(file)
  }
}

/** An error like those of the file system; EFTYPE is the code that BSD has for it. */
function notRegularError(isFolder: boolean): Error {
  const code = isFolder ? 'EISDIR' : 'EFTYPE'
  return Object.assign(new Error(`${code}: not a regular file`), { code, syscall: 'open' })
}
