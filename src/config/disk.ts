/** Reads policy files from a folder on disk. */
import { closeSync, fstatSync, lstatSync, readSync, realpathSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { ConfigError } from '../model/errors.ts'
import { OPEN_FLAGS_WITHOUT_LINKS, openRegularFile } from '../model/regular-file.ts'
import { decodeUtf8, type PolicyFiles, tooLargeError } from './files.ts'

/**
 * Returns the policy files of a folder. Symbolic links are refused, so that the file a reviewer sees
 * is the file that is read. Messages show `prefix` before file names.
 */
export function diskFiles(folder: string, prefix: string): PolicyFiles {
  const displayName = (name: string): string => `${prefix}${name}`
  return {
    displayName,
    read: async (name, maxBytes) =>
      readInside(folder, name, { displayName: displayName(name), maxBytes }),
  }
}

interface ReadOptions {
  readonly displayName: string
  readonly maxBytes: number
}

/**
 * Reads a file inside the folder, synchronously: loading node's asynchronous file modules and
 * starting its threads delays a hook more than reading three small files does.
 */
function readInside(folder: string, name: string, options: ReadOptions): string | undefined {
  const { displayName } = options
  const path = join(folder, name)
  try {
    const [root, parent] = [realpathSync(folder), realpathSync(dirname(path))]
    if (parent !== root && !parent.startsWith(root.endsWith(sep) ? root : root + sep))
      throw new ConfigError(`${displayName}: leads out of its folder`)
    return readRegularFile(path, options)
  } catch (error) {
    if (error instanceof ConfigError) throw error
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    if (code === 'EFTYPE' || code === 'EISDIR' || code === 'ENXIO')
      throw new ConfigError(`${displayName}: not a regular file`, { cause: error })
    throw new ConfigError(`${displayName}: cannot be read (${code})`, { cause: error })
  }
}

function readRegularFile(path: string, { displayName, maxBytes }: ReadOptions): string {
  if (lstatSync(path).isSymbolicLink())
    throw new ConfigError(
      `${displayName}: a symbolic link, which is not followed: put the file itself there`,
    )
  // The flags refuse a link that replaced the file after the check above.
  const file = openRegularFile(path, OPEN_FLAGS_WITHOUT_LINKS)
  try {
    if (fstatSync(file).size > maxBytes) throw tooLargeError(displayName, maxBytes)
    const bytes = Buffer.alloc(maxBytes + 1)
    let length = 0
    for (let count = -1; count !== 0 && length <= maxBytes; length += count)
      count = readSync(file, bytes, length, bytes.length - length, length)
    if (length > maxBytes) throw tooLargeError(displayName, maxBytes)
    return decodeUtf8(bytes.subarray(0, length), displayName)
  } finally {
    closeSync(file)
  }
}
