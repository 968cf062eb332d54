import { readdirSync, readFileSync } from 'node:fs'

/** Names of a folder's entries; none when it is not there. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (isGone(error)) return []
    throw error
  }
}

/** A file's bytes, or undefined when it is not there. */
export function readIfExists(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

/** Does the error say that a file or a folder of its path is not there? */
export function isGone(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ENOENT' || error.code === 'ENOTDIR')
  )
}
