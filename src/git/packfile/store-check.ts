import { basename, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Skip } from '../../model/model.ts'
import { isGone, isSystemError } from '../objects/read-if-exists.ts'
import { arrayOf, isString, objectOf } from '../objects/shape.ts'
import type { SignedCacheFile } from '../objects/signed-cache-file.ts'
import { checksumFiles, type FileGroup, loneFiles, soundTail, stateOf } from './checksum-files.ts'
import { listLoose, looseDamage } from './loose.ts'
import { PackSurprise } from './pack-surprise.ts'
import { objectFolders } from './store.ts'

/**
 * The files in which an earlier check found no damage. The field is that of the cache file:
 * renaming it changes the format.
 */
export interface CheckedFiles {
  /** Digests that `stateOf` returns. */
  readonly states: readonly string[]
}

export const isCheckedFiles = objectOf<CheckedFiles>({ states: arrayOf(isString) })

/** Options of a `StoreCheck`. */
export interface StoreCheckOptions {
  /** The folder of the repository's objects. */
  readonly objects: string
  /** Bytes of an object ID: 20 (SHA-1) or 32 (SHA-256). A checksum has as many. */
  readonly idBytes: number
  /** Undefined to hash every file each time. */
  readonly cache: SignedCacheFile<CheckedFiles> | undefined
  /** Whether to check loose objects, for a reader that does not read their files itself. */
  readonly checksLoose: boolean
  /** Returns the time in milliseconds. Default: `Date.now`. */
  readonly now?: () => number
}

/**
 * A file that was written within this time before it is hashed may be written again without a
 * change of its times: their resolution is up to 2 s (FAT). Git calls such a file racy.
 */
const MAX_RACY_MS = 3000

/** Time in which git puts an index beside a new pack, or deletes a pack after its index. */
const RENAME_MS = 200

/**
 * Checks that the packs of a store, their indexes and what else git trusts there are as they were
 * written, by the checksum at the end of each file. A file that has the size, times and inode that
 * it had at an earlier check is not hashed again.
 */
export class StoreCheck {
  readonly #options: StoreCheckOptions
  #skips: Promise<readonly Skip[]> | undefined
  #isSound = false

  constructor(options: StoreCheckOptions) {
    this.#options = options
  }

  /**
   * Returns a failed skip for each file that is damaged or cannot be used. Checks the files once,
   * however often it is called. Other work of the thread goes on meanwhile.
   */
  run(signal: AbortSignal): Promise<readonly Skip[]> {
    return (this.#skips ??= this.#checkAll(signal))
  }

  /** True after a check that found no damage. */
  get isSound(): boolean {
    return this.#isSound
  }

  async #checkAll(signal: AbortSignal): Promise<readonly Skip[]> {
    const { objects, idBytes, cache, checksLoose, now = Date.now } = this.#options
    const known = new Set(cache?.read()?.states)
    const folders = foldersOf(objects)
    const states: string[] = []
    const skips: Skip[] = []
    for (const group of checksumFiles(folders)) {
      const startedMs = now()
      const state = stateOf(group)
      if (state === undefined) continue
      const skip = known.has(state.digest) ? undefined : await this.#damageIn(group, signal)
      if (signal.aborted) return skips
      if (skip !== undefined) skips.push(skip)
      else if (state.changedMs + MAX_RACY_MS < startedMs) states.push(state.digest)
    }
    skips.push(...(await loneFileSkips(folders)))
    if (checksLoose)
      for await (const damage of looseDamage(listLoose(folders, idBytes), signal))
        skips.push(...damage)
    this.#isSound = skips.length === 0
    if (states.length !== known.size || !states.every((state) => known.has(state)))
      cache?.write({ states })
    return skips
  }

  /** Hashes the files of a group. Returns a skip when one is damaged. */
  async #damageIn(group: FileGroup, signal: AbortSignal): Promise<Skip | undefined> {
    const { idBytes } = this.#options
    const tails: Buffer[] = []
    for (const path of group) {
      try {
        const tail = await soundTail(path, idBytes, signal)
        if (tail === undefined) return skipOf(path, 'corrupt', 'does not have its checksum')
        tails.push(tail)
      } catch (error) {
        if (isGone(error)) return undefined
        if (!isSystemError(error)) throw error
        return skipOf(path, 'unreadable', `cannot be read (${String(error.code)})`)
      }
    }
    // A pack ends with its checksum, and its index with that of the pack and its own.
    const [pack, index] = tails
    return index === undefined || pack?.subarray(idBytes).equals(index.subarray(0, idBytes))
      ? undefined
      : skipOf(group[1], 'corrupt', 'belongs to another pack')
  }
}

/** Returns the folders of objects; the first one alone when only git understands the others. */
function foldersOf(objects: string): readonly string[] {
  try {
    return objectFolders(objects)
  } catch (error) {
    if (!(error instanceof PackSurprise || isSystemError(error))) throw error
    return [resolve(objects)]
  }
}

const NO_INDEX = 'has no index, so git does not read it; git index-pack makes one'

async function loneFileSkips(folders: readonly string[]): Promise<readonly Skip[]> {
  const before = loneFiles(folders)
  if (before.length === 0) return []
  await setTimeout(RENAME_MS)
  const after = new Set(loneFiles(folders))
  return before
    .filter((path) => after.has(path))
    .map((path) => skipOf(path, 'unreadable', path.endsWith('.idx') ? 'has no pack' : NO_INDEX))
}

/** Names that git gives to files; others may hold anything. */
const GIT_NAME = /^(?:[a-z]+-)*(?:[a-z]+|[0-9a-f]{40}|[0-9a-f]{64})(?:\.[a-z]+)?$/

function skipOf(path = '', reason: 'corrupt' | 'unreadable', detail: string): Skip {
  const name = basename(path)
  const shown = GIT_NAME.test(name) ? name : 'a file in objects/pack'
  return { outcome: 'failed', reason, detail: `${shown} ${detail}` }
}
