import { statSync } from 'node:fs'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { namesIn } from '../objects/read-if-exists.ts'
import {
  type LooseFile,
  type LooseObject,
  MAX_HEADER_BYTES,
  parseLooseObject,
  readLooseFile,
} from './loose-object.ts'
import { hasCode } from './pack-surprise.ts'

/** Lists the loose objects of some folders. An object that several folders have is listed again. */
export function listLoose(folders: readonly string[], idBytes: number): readonly LooseFile[] {
  const restOfId = new RegExp(`^[0-9a-f]{${2 * idBytes - 2}}$`)
  const loose: LooseFile[] = []
  for (const folder of folders) {
    for (const start of namesIn(folder)) {
      if (!/^[0-9a-f]{2}$/.test(start)) continue
      for (const name of namesIn(join(folder, start)))
        if (restOfId.test(name)) loose.push({ id: start + name, folder })
    }
  }
  return loose
}

/** True for a FIFO or a device in place of a loose object: git must not read it, since it would wait. */
export function isNoFile({ id, folder }: LooseFile): boolean {
  const path = join(folder, id.slice(0, 2), id.slice(2))
  return statSync(path, { throwIfNoEntry: false })?.isFile() === false
}

/**
 * Reads a loose object: `blob 123\0` and its content, as one zlib stream. Returns undefined when
 * the file is gone, damaged, or has more than `maxBytes` of content; git then reads the object, and
 * reports what is wrong with it.
 */
export function readLoose(file: LooseFile, maxBytes: number): LooseObject | undefined {
  const compressed = readLooseFile(file)
  if (compressed === undefined) return undefined
  try {
    const maxOutputLength = maxBytes + MAX_HEADER_BYTES
    return parseLooseObject(inflateSync(compressed, { maxOutputLength }))
  } catch (error) {
    if (!hasCode(error, /^Z_|^ERR_BUFFER_TOO_LARGE$/)) throw error
    return undefined
  }
}
