import type { GitObject } from '../../objects/objects.ts'
import type { FilterStats, NamedBlob } from '../../objects/object-filter.ts'
import type { ObjectKind, Skip } from '../../../model/model.ts'
import type { ScanCache } from './scan-cache.ts'

/** Records what a scan reads from packs, to write it to the scan cache. */
export class ScanRecorder {
  readonly #emitted = new Map<string, Pick<GitObject, 'kind' | 'size'>>()
  readonly #skippedClean: Record<ObjectKind, number>
  readonly #names: NamedBlob[]
  readonly #looseIds: string[]
  readonly #packs: string[]
  #skippedBytes: number
  #isConnected: boolean
  /** False once an object was skipped for another reason than being clean. */
  #isComplete = true
  #rootsDigest: string | undefined

  /**
   * With a cache, records in addition to the packs that it has. The objects found in these packs
   * are read again, and so recorded again.
   */
  constructor(cache?: ScanCache) {
    this.#skippedClean = { blob: 0, tree: 0, commit: 0, tag: 0, ...cache?.passed }
    this.#packs = [...(cache?.packs ?? [])]
    this.#skippedBytes = cache?.bytes ?? 0
    this.#names = [...(cache?.names ?? [])]
    this.#looseIds = [...(cache?.outside ?? [])]
    this.#isConnected = cache?.linked ?? true
    this.#rootsDigest = cache?.points
  }

  /** Records a batch while it passes through. */
  *watch(
    batch: Iterable<GitObject | Skip | FilterStats>,
  ): Generator<GitObject | Skip | FilterStats> {
    for (const item of batch) {
      if ('outcome' in item) this.#isComplete = false
      else if ('kind' in item) this.#emitted.set(item.id, { kind: item.kind, size: item.size })
      else this.#addStats(item)
      yield item
    }
  }

  #addStats({ skippedClean, bytes, names, isConnected, looseIds }: FilterStats): void {
    for (const kind of ['blob', 'tree', 'commit', 'tag'] as const)
      this.#skippedClean[kind] += skippedClean[kind]
    this.#skippedBytes += bytes
    this.#names.push(...names)
    this.#looseIds.push(...looseIds)
    if (!isConnected) this.#isConnected = false
  }

  /** True when every object was there that the recorded objects refer to. */
  get isConnected(): boolean {
    return this.#isConnected
  }

  /** Adds packs, by their checksums, that were read to the end. */
  addPacks(checksums: readonly string[]): this {
    this.#packs.push(...checksums)
    return this
  }

  /** Sets the digest of the connectivity roots, all of which are in packs. */
  setRoots(digest: string): void {
    this.#rootsDigest = digest
  }

  /**
   * Returns the cache of all recorded packs; undefined when some object was not read. Emitted
   * objects with nothing to report, such as most archives, count as clean.
   */
  toCache(isReported: (id: string) => boolean): ScanCache | undefined {
    if (!this.#isComplete) return undefined
    const passed = { ...this.#skippedClean }
    const found: string[] = []
    let bytes = this.#skippedBytes
    for (const [id, { kind, size }] of this.#emitted) {
      if (isReported(id)) found.push(id)
      else {
        passed[kind] += 1
        bytes += size
      }
    }
    return {
      packs: this.#packs,
      passed,
      bytes,
      found,
      names: this.#names,
      linked: this.#isConnected,
      outside: this.#looseIds,
      points: this.#rootsDigest,
    }
  }
}
