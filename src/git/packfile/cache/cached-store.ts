import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { StoreState } from '../../objects/objects.ts'
import type { KnownObjects } from '../walk/connectivity-check.ts'
import { listLoose } from '../loose.ts'
import { PackNames } from '../pack-names.ts'
import { isReadFailure } from '../pack-surprise.ts'
import { planPacks, type StorePlan } from '../plan/plan.ts'
import { plainMemory, planMemory } from '../plan/plan-memory.ts'
import { closePacks, objectFolders, openPacks, packPaths } from '../store.ts'

type Packs = Pick<StoreState, 'packs'>

/** A store that still has all packs that are remembered. */
export interface CachedStore {
  /** Where its objects are. */
  readonly known: KnownObjects
  /** Is the name at `at` that of an object in a remembered pack? */
  readonly isOld: (bytes: Uint8Array, at: number) => boolean
  /** Other packs, and loose objects that are in no pack. */
  readonly fresh: StorePlan
}

/** What a store has of packs that are remembered, until it is closed. */
export class CachedStoreReader {
  readonly #objects: string
  readonly #idBytes: number
  readonly #compared: Compared[] = []

  constructor(objects: string, idBytes: number) {
    this.#objects = objects
    this.#idBytes = idBytes
  }

  /** Undefined if one of the packs is gone, or something is not as expected. */
  of(state: Packs): CachedStore | undefined {
    const before = this.#compared.find(
      ({ checksums }) =>
        checksums.size === state.packs.length &&
        state.packs.every((checksum) => checksums.has(checksum)),
    )
    if (before !== undefined) return before
    const compared = recalled(this.#objects, this.#idBytes, state)
    if (compared !== undefined) this.#compared.push(compared)
    return compared
  }

  close(): void {
    for (const compared of this.#compared.splice(0)) compared.close()
  }
}

interface Compared extends CachedStore {
  /** Of the packs that are remembered. */
  readonly checksums: ReadonlySet<string>
  readonly close: () => void
}

function recalled(objects: string, idBytes: number, { packs }: Packs): Compared | undefined {
  const opened: Opened[] = []
  try {
    const store = compare(objects, idBytes, packs, opened)
    if (store !== undefined) return store
  } catch (error) {
    if (!isReadFailure(error)) throw error
    // The store is read anew, and that reports what is wrong with it.
  }
  for (const { names } of opened) names.close()
  return undefined
}

/** A pack by its path, without an ending, and what its index has. */
interface Opened {
  readonly path: string
  readonly names: PackNames
}

/** Adds to `packs` what is to be closed. */
function compare(
  objects: string,
  idBytes: number,
  checksums: readonly string[],
  packs: Opened[],
): Compared | undefined {
  const folders = objectFolders(objects)
  const files = listLoose(folders, idBytes)
  for (const path of packPaths(folders))
    packs.push({ path, names: new PackNames(`${path}.idx`, idBytes) })
  const remembered = new Set(checksums)
  const old = packs.filter(
    ({ path, names: { packChecksum } }) =>
      remembered.has(packChecksum) && checksumOf(`${path}.pack`, idBytes) === packChecksum,
  )
  if (new Set(old.map(({ names }) => names.packChecksum)).size !== remembered.size) return undefined
  const among =
    (some: readonly Opened[]) =>
    (bytes: Uint8Array, at: number): boolean =>
      some.some(({ names }) => names.has(bytes, at))
  const packed = among(packs)
  const loose = new Map(
    files.filter(({ id }) => !packed(Buffer.from(id, 'hex'), 0)).map((file) => [file.id, file]),
  )
  const paths = packs.filter((pack) => !old.includes(pack)).map(({ path }) => path)
  const fresh = planPacks(openPacks(folders, paths), [...loose.values()], {
    idBytes,
    memoryOf: paths.length === 0 ? plainMemory : planMemory,
  })
  if (fresh.packs.length !== paths.length) {
    closePacks(fresh.packs)
    return undefined
  }
  return {
    checksums: remembered,
    fresh,
    isOld: among(old),
    close() {
      closePacks(fresh.packs)
      for (const { names } of packs) names.close()
    },
    known: {
      idBytes,
      whereIs(bytes, at) {
        if (packed(bytes, at)) return 'pack'
        return loose.has(Buffer.from(bytes.subarray(at, at + idBytes)).toString('hex'))
          ? 'loose'
          : undefined
      },
    },
  }
}

/** The last bytes of a pack: the checksum of all others. */
function checksumOf(path: string, idBytes: number): string {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(idBytes)
    readSync(file, bytes, 0, idBytes, Math.max(0, fstatSync(file).size - idBytes))
    return bytes.toString('hex')
  } finally {
    closeSync(file)
  }
}
