import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import type { StoreState } from '../git/objects.ts'
import type { Known } from './links.ts'
import { listLoose } from './loose.ts'
import { type PackIndex, placeOf, readPackIndex } from './pack-index.ts'
import { planPacks, type StorePlan } from './plan.ts'
import { plainMemory, planMemory } from './plan-memory.ts'
import { closePacks, objectFolders, openPacks, packPaths } from './store.ts'

/** A store that still has all packs that are remembered. */
export interface Recalled {
  /** Are these the packs that are remembered? */
  readonly isOf: (state: Pick<StoreState, 'packs'>) => boolean
  /** Where its objects are. */
  readonly known: Known
  /** Is the name at `at` that of an object in a remembered pack? */
  readonly isOld: (bytes: Uint8Array, at: number) => boolean
  /** Other packs, and loose objects that are in no pack; to be closed. */
  readonly fresh: StorePlan
}

/** The store, if none of the packs that are remembered is gone, and all is as expected. */
export function recalled(objects: string, idBytes: number, { packs }: Pick<StoreState, 'packs'>): Recalled | undefined {
  try {
    return compare(objects, idBytes, packs)
  } catch {
    return undefined
  }
}

function compare(objects: string, idBytes: number, checksums: readonly string[]): Recalled | undefined {
  const folders = objectFolders(objects)
  const files = listLoose(folders, idBytes)
  const packs = packPaths(folders).map((path) => ({ path, index: readPackIndex(readFileSync(`${path}.idx`), idBytes) }))
  const remembered = new Set(checksums)
  const old = packs.filter(({ path, index: { packChecksum } }) => remembered.has(packChecksum) && checksumOf(`${path}.pack`, idBytes) === packChecksum)
  if (new Set(old.map(({ index }) => index.packChecksum)).size !== remembered.size) return undefined
  const among = (indexes: readonly PackIndex[]) => (bytes: Uint8Array, at: number): boolean => indexes.some((index) => placeOf(index, bytes, at, idBytes) >= 0)
  const packed = among(packs.map(({ index }) => index))
  const loose = new Map(files.filter(({ id }) => !packed(Buffer.from(id, 'hex'), 0)).map((file) => [file.id, file]))
  const paths = packs.filter((pack) => !old.includes(pack)).map(({ path }) => path)
  const fresh = planPacks(openPacks(folders, paths), [...loose.values()], { idBytes, memoryOf: paths.length === 0 ? plainMemory : planMemory })
  if (fresh.packs.length !== paths.length) {
    closePacks(fresh.packs)
    return undefined
  }
  return {
    isOf: (state) => state.packs.length === remembered.size && state.packs.every((checksum) => remembered.has(checksum)),
    fresh,
    isOld: among(old.map(({ index }) => index)),
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
