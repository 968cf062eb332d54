import type { SignedCacheFile } from '../../objects/signed-cache-file.ts'
import type { NamedBlob } from '../../objects/object-filter.ts'
import type { ObjectKind } from '../../../model/model.ts'
import {
  arrayOf,
  isBoolean,
  isNumber,
  isRepoPath,
  isString,
  objectOf,
  optional,
} from '../../objects/shape.ts'

/**
 * The results of a scan of packs. Packs never change, so the next scan need not read them again.
 * The fields are those of the cache file: renaming one changes its format.
 */
export interface ScanCache {
  /** Checksums of the packs. */
  readonly packs: readonly string[]
  /** The number of objects of each kind with nothing to report. */
  readonly passed: Readonly<Record<ObjectKind, number>>
  /** Bytes of these objects. */
  readonly bytes: number
  /** IDs of the objects with something to report, which the next scan reads again. */
  readonly found: readonly string[]
  /** Blobs that trees name as env files or other files that are read by name. */
  readonly names: readonly NamedBlob[]
  /** Whether every object was there that the objects of the packs refer to. */
  readonly linked: boolean
  /** IDs of the loose objects that they refer to. */
  readonly outside: readonly string[]
  /** Digest of the connectivity roots, when all of these were in the packs. */
  readonly points: string | undefined
}

export type ScanCacheFile = SignedCacheFile<ScanCache>

const isCount = objectOf<ScanCache['passed']>({
  blob: isNumber,
  tree: isNumber,
  commit: isNumber,
  tag: isNumber,
})

/** True for a cache of this format; other versions of Oakum may have written another one. */
export const isScanCache = objectOf<ScanCache>({
  packs: arrayOf(isString),
  passed: isCount,
  bytes: isNumber,
  found: arrayOf(isString),
  names: arrayOf(objectOf<NamedBlob>({ object: isString, name: isRepoPath })),
  linked: isBoolean,
  outside: arrayOf(isString),
  points: optional(isString),
})
