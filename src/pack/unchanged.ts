import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import type { Known } from './links.ts'
import { listLoose } from './loose.ts'
import type { LooseFile } from './loose-object.ts'
import type { Memory } from './memory.ts'
import { type PackIndex, placeOf, readPackIndex } from './pack-index.ts'
import { objectFolders, packPaths } from './store.ts'

/** A store all of whose packs are remembered. */
export interface Unchanged {
  readonly known: Known
  /** Loose objects that are in no pack. */
  readonly loose: readonly LooseFile[]
}

/** The store, if its packs are those that are remembered, none more and none less, and all is as expected. */
export function unchanged(objects: string, idBytes: number, memory: Memory): Unchanged | undefined {
  try {
    return compare(objects, idBytes, memory)
  } catch {
    return undefined
  }
}

function compare(objects: string, idBytes: number, memory: Memory): Unchanged | undefined {
  const folders = objectFolders(objects)
  const files = listLoose(folders, idBytes)
  const paths = packPaths(folders)
  if (paths.length !== memory.packs.length) return undefined
  const indexes = paths.map((path) => readPackIndex(readFileSync(`${path}.idx`), idBytes))
  const remembered = new Set(memory.packs)
  if (!indexes.every(({ packChecksum }, at) => remembered.has(packChecksum) && checksumOf(`${paths[at] ?? ''}.pack`, idBytes) === packChecksum)) return undefined
  const packed = (bytes: Uint8Array, at: number): boolean => indexes.some((index: PackIndex) => placeOf(index, bytes, at, idBytes) >= 0)
  const loose = new Map(files.filter(({ id }) => !packed(Buffer.from(id, 'hex'), 0)).map((file) => [file.id, file]))
  return {
    loose: [...loose.values()],
    known: {
      idBytes,
      whereIs(bytes, at) {
        if (packed(bytes, at)) return 'pack'
        return loose.has(Buffer.from(bytes.subarray(at, at + idBytes)).toString('hex')) ? 'loose' : undefined
      },
    },
  }
}

/** The last bytes of a pack: the checksum of all others. */
function checksumOf(path: string, idBytes: number): string {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(idBytes)
    readSync(file, bytes, 0, idBytes, fstatSync(file).size - idBytes)
    return bytes.toString('hex')
  } finally {
    closeSync(file)
  }
}
