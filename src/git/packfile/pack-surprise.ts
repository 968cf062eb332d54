import { isSystemError } from '../objects/read-if-exists.ts'

/** A pack, an index or a folder of objects is not as git writes it; git reads its objects instead. */
export class PackSurprise extends Error {
  override readonly name = 'PackSurprise'
}

/**
 * True for the errors after which git may read what the pack reader could not: packs that git would
 * not write, failures of the file system (ENOENT for a pack that git has just replaced, EACCES,
 * EIO), and too little memory. Every other error is a bug and must reach the user as one.
 */
export function isReadFailure(error: unknown): error is Error {
  return (
    error instanceof PackSurprise ||
    isSystemError(error) ||
    (error instanceof Error && hasCode(error, 'ERR_FS_FILE_TOO_LARGE')) ||
    isAllocationFailure(error)
  )
}

/** True when the runtime had no memory for an ArrayBuffer or a SharedArrayBuffer. */
export function isAllocationFailure(error: unknown): error is RangeError {
  return error instanceof RangeError && error.message === 'Array buffer allocation failed'
}

/** True when the error has a code of Node.js, such as `ENOENT` or `Z_DATA_ERROR`, that fits. */
export function hasCode(error: unknown, code: string | RegExp): boolean {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return false
  return typeof code === 'string' ? error.code === code : code.test(error.code)
}
