/** Compares the packs of a cached scan with those on disk, and opens only the new ones. */
import { closeSync, fstatSync, readSync } from 'node:fs'
import { openRegularFile } from '../../../model/regular-file.ts'
import type { StoreState } from '../../objects/objects.ts'
import type { ObjectLocations } from '../walk/connectivity-check.ts'
import { listLoose } from '../loose.ts'
import type { LooseFile } from '../loose-object.ts'
import { PackIdLookup } from '../pack-id-lookup.ts'
import { isReadFailure } from '../pack-surprise.ts'
import { planPacks, type StorePlan } from '../plan/plan.ts'
import { plainMemory, planMemory } from '../plan/plan-memory.ts'
import { closePacks, objectFolders, openPacks, packPaths } from '../store.ts'

type CachedPacks = Pick<StoreState, 'packs'>

/** A store that still has all packs of an earlier scan or state: the cached packs. */
export interface CachedStore {
  readonly locations: ObjectLocations
  /** True when a cached pack has the object whose ID stands at `at`. */
  readonly isCached: (bytes: Uint8Array, at: number) => boolean
  /** The other packs, and the loose objects that are in no pack. */
  readonly newPlan: StorePlan
}

/** Compares a store with the packs of earlier scans. Keeps files open until it is closed. */
export class CachedStoreReader {
  readonly #objects: string
  readonly #idBytes: number
  readonly #opened: ComparedStore[] = []

  constructor(objects: string, idBytes: number) {
    this.#objects = objects
    this.#idBytes = idBytes
  }

  /**
   * Returns the store as compared with the cached packs; undefined when one of these is gone or the
   * store cannot be read.
   */
  open({ packs }: CachedPacks): CachedStore | undefined {
    const openedBefore = this.#opened.find(
      ({ checksums }) =>
        checksums.size === packs.length && packs.every((checksum) => checksums.has(checksum)),
    )
    if (openedBefore !== undefined) return openedBefore
    const store = compare(this.#objects, this.#idBytes, new Set(packs))
    if (store !== undefined) this.#opened.push(store)
    return store
  }

  close(): void {
    for (const store of this.#opened.splice(0)) store.close()
  }
}

interface ComparedStore extends CachedStore {
  /** Checksums of the cached packs. */
  readonly checksums: ReadonlySet<string>
  readonly close: () => void
}

/** A pack by its path, without an ending, and the IDs in its index. */
interface OpenIndex {
  readonly path: string
  readonly ids: PackIdLookup
}

function compare(
  objects: string,
  idBytes: number,
  checksums: ReadonlySet<string>,
): ComparedStore | undefined {
  const indexes: OpenIndex[] = []
  try {
    const store = compareIndexes(objects, idBytes, { checksums, indexes })
    if (store !== undefined) return store
  } catch (error) {
    if (!isReadFailure(error)) throw error
    // The caller reads the whole store, and that reports what is wrong with it.
  }
  for (const { ids } of indexes) ids.close()
  return undefined
}

/** Adds the indexes that it opens to `indexes`; the caller closes them. */
function compareIndexes(
  objects: string,
  idBytes: number,
  { checksums, indexes }: Pick<ComparedStore, 'checksums'> & { readonly indexes: OpenIndex[] },
): ComparedStore | undefined {
  const folders = objectFolders(objects)
  // Loose objects are listed before packs: git moves objects from there to here.
  const files = listLoose(folders, idBytes)
  for (const path of packPaths(folders))
    indexes.push({ path, ids: new PackIdLookup(`${path}.idx`, idBytes) })
  const cached = indexes.filter(
    ({ path, ids: { packChecksum } }) =>
      checksums.has(packChecksum) && checksumOf(`${path}.pack`, idBytes) === packChecksum,
  )
  if (new Set(cached.map(({ ids }) => ids.packChecksum)).size !== checksums.size) return undefined
  const isPacked = isIn(indexes)
  const loose = new Map<string, LooseFile>()
  const looseCopies: LooseFile[] = []
  for (const file of files) {
    if (loose.has(file.id) || isPacked(Buffer.from(file.id, 'hex'), 0)) looseCopies.push(file)
    else loose.set(file.id, file)
  }
  const newPaths = indexes.filter((index) => !cached.includes(index)).map(({ path }) => path)
  const packsAndLoose = planPacks(openPacks(folders, newPaths), [...loose.values()], {
    idBytes,
    memoryOf: newPaths.length === 0 ? plainMemory : planMemory,
  })
  const newPlan = { ...packsAndLoose, looseCopies }
  if (newPlan.packs.length !== newPaths.length) {
    closePacks(newPlan.packs)
    return undefined
  }
  return {
    checksums,
    newPlan,
    isCached: isIn(cached),
    locations: { idBytes, locationOf: locate(isPacked, loose, idBytes) },
    close() {
      closePacks(newPlan.packs)
      for (const { ids } of indexes) ids.close()
    },
  }
}

/** Returns a function that tells whether one of the packs has an ID. */
function isIn(indexes: readonly OpenIndex[]): CachedStore['isCached'] {
  return (bytes, at) => indexes.some(({ ids }) => ids.has(bytes, at))
}

function locate(
  isPacked: CachedStore['isCached'],
  loose: ReadonlyMap<string, LooseFile>,
  idBytes: number,
): ObjectLocations['locationOf'] {
  return (bytes, at) => {
    if (isPacked(bytes, at)) return 'pack'
    const id = Buffer.from(bytes.subarray(at, at + idBytes)).toString('hex')
    return loose.has(id) ? 'loose' : undefined
  }
}

/** Reads the checksum at the end of a pack. */
function checksumOf(path: string, idBytes: number): string {
  const file = openRegularFile(path)
  try {
    const bytes = Buffer.alloc(idBytes)
    readSync(file, bytes, 0, idBytes, Math.max(0, fstatSync(file).size - idBytes))
    return bytes.toString('hex')
  } finally {
    closeSync(file)
  }
}
