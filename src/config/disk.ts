import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
} from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { ConfigError } from '../model/errors.ts'
import type { PolicyFiles } from './files.ts'
import { decodeUtf8, tooLargeError } from './text.ts'

/**
 * Files of a folder. No link is followed: what a name shows in a review is what is read. `prefix`
 * comes before names in messages.
 */
export function diskFiles(folder: string, prefix: string): PolicyFiles {
  const called = (name: string): string => `${prefix}${name}`
  return {
    displayName: called,
    read: async (name, limit) => readInside(folder, name, { called: called(name), limit }),
  }
}

/**
 * A hook waits longer for the modules and threads with which node reads while something else goes
 * on than for three small files.
 */
function readInside(folder: string, name: string, request: Request): string | undefined {
  const path = join(folder, name)
  try {
    const [real, inside] = [realpathSync(folder), realpathSync(dirname(path))]
    if (inside !== real && !inside.startsWith(real.endsWith(sep) ? real : real + sep))
      throw new ConfigError(`${request.called}: leads out of its folder`)
    return readPlainFile(path, request)
  } catch (error) {
    if (error instanceof ConfigError) throw error
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new ConfigError(`${request.called}: cannot be read (${code})`, { cause: error })
  }
}

interface Request {
  readonly called: string
  readonly limit: number
}

function readPlainFile(path: string, { called, limit }: Request): string {
  if (lstatSync(path).isSymbolicLink())
    throw new ConfigError(
      `${called}: a symbolic link, which is not followed: put the file itself there`,
    )
  // Not followed, should a link come in between; and not waited for, should it be a pipe that
  // nobody writes to.
  const file = openSync(
    path,
    constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
  )
  try {
    const stat = fstatSync(file)
    if (!stat.isFile()) throw new ConfigError(`${called}: not a plain file`)
    if (stat.size > limit) throw tooLargeError(called, limit)
    const bytes = Buffer.alloc(limit + 1)
    let length = 0
    for (let read = -1; read !== 0 && length <= limit; length += read)
      read = readSync(file, bytes, length, bytes.length - length, length)
    if (length > limit) throw tooLargeError(called, limit)
    return decodeUtf8(bytes.subarray(0, length), called)
  } finally {
    closeSync(file)
  }
}
