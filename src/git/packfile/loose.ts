import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { namesIn } from '../objects/read-if-exists.ts'
import {
  HEADER_BYTES,
  type LooseFile,
  type LooseObject,
  objectIn,
  readCompressed,
} from './loose-object.ts'
import { hasCode } from './pack-surprise.ts'

/** The loose objects of folders, each as often as it is there. */
export function listLoose(folders: readonly string[], idBytes: number): readonly LooseFile[] {
  const rest = new RegExp(`^[0-9a-f]{${2 * idBytes - 2}}$`)
  const loose: LooseFile[] = []
  for (const folder of folders) {
    for (const start of namesIn(folder)) {
      if (!/^[0-9a-f]{2}$/.test(start)) continue
      for (const name of namesIn(join(folder, start)))
        if (rest.test(name)) loose.push({ id: start + name, folder })
    }
  }
  return loose
}

/**
 * Inflates a loose object: `blob 123\0` and the content. Undefined when it is gone, damaged or
 * larger than `most`: git knows better what to say of it.
 */
export function readLoose(file: LooseFile, most: number): LooseObject | undefined {
  const packed = readCompressed(file)
  if (packed === undefined) return undefined
  try {
    return objectIn(inflateSync(packed, { maxOutputLength: most + HEADER_BYTES }))
  } catch (error) {
    if (!hasCode(error, /^Z_|^ERR_BUFFER_TOO_LARGE$/)) throw error
    return undefined
  }
}
