import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Skip } from '../../model/model.ts'
import { corruptSkip } from '../objects/object-id.ts'
import { namesIn } from '../objects/read-if-exists.ts'
import {
  BROKEN_STREAM,
  type LooseFile,
  type LooseReading,
  MAX_HEADER_BYTES,
  parseLooseObject,
  readLooseFile,
} from './loose-object.ts'
import { MAX_OBJECT_BYTES } from './emit-object.ts'
import { KernelError } from './walk/kernel.ts'
import { inflateStream } from './walk/kernel-zlib.ts'

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

/** Bytes of a loose object that are inflated at once: nearly all objects have fewer. */
const CHUNK_BYTES = 16 << 10

/** Reads a loose object of up to `maxBytes`: `blob 123\0` and its content, as one zlib stream. */
export function readLoose(file: LooseFile, maxBytes: number): LooseReading {
  const compressed = readLooseFile(file)
  if (compressed === undefined) return undefined
  const inflated = inflateStream(compressed, {
    maxBytes: maxBytes + MAX_HEADER_BYTES,
    chunkBytes: CHUNK_BYTES,
  })
  if (inflated === KernelError.tooLong) return undefined
  if (typeof inflated === 'number') return BROKEN_STREAM
  const { bytes, consumed } = inflated
  return parseLooseObject(
    file.id,
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
    compressed.length - consumed,
  )
}

/** Loose objects that are read before other work of the thread gets its turn. */
const BATCH_FILES = 256

/** Yields a skip for each file that is not the loose object that its name says. */
export async function* looseDamage(
  files: readonly LooseFile[],
  signal: AbortSignal,
): AsyncGenerator<readonly Skip[]> {
  for (let at = 0; at < files.length && !signal.aborted; at += BATCH_FILES) {
    yield files.slice(at, at + BATCH_FILES).flatMap((file) => {
      const object = readLoose(file, MAX_OBJECT_BYTES)
      return object !== undefined && 'damage' in object ? corruptSkip(file.id, object.damage) : []
    })
    await setImmediate()
  }
}
