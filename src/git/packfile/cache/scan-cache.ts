import type { SignedCacheFile } from '../../objects/signed-cache-file.ts'
import type { NamedBlob } from '../../objects/object-filter.ts'
import type { ObjectKind } from '../../../model/model.ts'

/**
 * What a reading of packs learned. Packs never change, so the next reading need not do it again.
 */
export interface ScanCache {
  /** Checksums of the packs. */
  readonly packs: readonly string[]
  readonly skippedClean: Readonly<Record<ObjectKind, number>>
  readonly bytes: number
  /** Names of the objects of which something was said. */
  readonly found: readonly string[]
  readonly names: readonly NamedBlob[]
  /** Is all there that they refer to, and what of that was in no pack. */
  readonly isConnected: boolean
  readonly looseIds: readonly string[]
  /** Digest of where git begins to walk, if all of that was in these packs. */
  readonly points: string | undefined
}

export type ScanCacheFile = SignedCacheFile<ScanCache>
