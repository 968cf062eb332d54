import type { GitObject } from '../../objects/objects.ts'
import type { NamedBlob, FilterStats } from '../../objects/object-filter.ts'
import type { ObjectKind, Skip } from '../../../model/model.ts'
import type { ScanCache } from './scan-cache.ts'

/** Watches what comes from packs, to keep what is to be learned from it. */
export class ScanRecorder {
  readonly #found = new Map<string, Pick<GitObject, 'kind' | 'size'>>()
  readonly #passed: Record<ObjectKind, number>
  readonly #names: NamedBlob[]
  readonly #outside: string[]
  readonly #packs: string[]
  #bytes: number
  #linked: boolean
  #whole = true
  #points: string | undefined

  /**
   * Goes on from what was known of other packs. What was found there is looked at again, so it is
   * learned again.
   */
  constructor(known?: ScanCache) {
    this.#passed = { blob: 0, tree: 0, commit: 0, tag: 0, ...known?.skippedClean }
    this.#packs = [...(known?.packs ?? [])]
    this.#bytes = known?.bytes ?? 0
    this.#names = [...(known?.names ?? [])]
    this.#outside = [...(known?.looseIds ?? [])]
    this.#linked = known?.isConnected ?? true
    this.#points = known?.points
  }

  /** Hands on what comes. */
  *watch(
    batch: Iterable<GitObject | Skip | FilterStats>,
  ): Generator<GitObject | Skip | FilterStats> {
    for (const item of batch) {
      if ('outcome' in item) this.#whole = false
      else if ('kind' in item) this.#found.set(item.id, { kind: item.kind, size: item.size })
      else this.#add(item)
      yield item
    }
  }

  #add({
    skippedClean: passed,
    bytes,
    names,
    isConnected: linked,
    looseIds: outside,
  }: FilterStats): void {
    for (const kind of ['blob', 'tree', 'commit', 'tag'] as const)
      this.#passed[kind] += passed[kind]
    this.#bytes += bytes
    this.#names.push(...names)
    this.#outside.push(...outside)
    if (!linked) this.#linked = false
  }

  /** Did all that objects refer to turn out to be there? */
  get isLinked(): boolean {
    return this.#linked
  }

  /** Has come to the end of these packs, too. */
  behind(packs: readonly string[]): this {
    this.#packs.push(...packs)
    return this
  }

  /** These were all in packs. */
  beginAt(points: string): void {
    this.#points = points
  }

  /**
   * What to remember of all packs; undefined when some of it was not read. What nothing is said of,
   * such as most archives, is none of what was found.
   */
  of(isSpokenOf: (object: string) => boolean): ScanCache | undefined {
    if (!this.#whole) return undefined
    const [passed, found] = [{ ...this.#passed }, new Array<string>()]
    let bytes = this.#bytes
    for (const [id, { kind, size }] of this.#found) {
      if (isSpokenOf(id)) found.push(id)
      else {
        passed[kind] += 1
        bytes += size
      }
    }
    return {
      packs: this.#packs,
      skippedClean: passed,
      bytes,
      found,
      names: this.#names,
      isConnected: this.#linked,
      looseIds: this.#outside,
      points: this.#points,
    }
  }
}
