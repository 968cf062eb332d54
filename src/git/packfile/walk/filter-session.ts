import { FilterResult, type FilterStats, type ObjectFilter } from '../../objects/object-filter.ts'
import type { ObjectKind } from '../../../model/model.ts'
import type { WasmInstance } from '../../wasm/instantiate.ts'
import { KINDS } from '../plan/entries.ts'
import type { ConnectivityCheck, ObjectLocations } from './connectivity-check.ts'
import type { ChangeContext } from './kernel.ts'

/** A delta of an object whose filter result is lower than `FilterResult.inspectWhole`. */
export interface DeltaChange {
  /** The filter result of the base. */
  readonly baseResult: FilterResult
  /** The new object begins with so many bytes of its base. */
  readonly keptPrefix: number
  /** Returns the bytes that may be new, with some around them; undefined when it has no room. */
  readonly changedBytes: (context: ChangeContext) => Uint8Array | undefined
}

/**
 * An object filter while packs are read: inspects each object, and counts the objects that it
 * skipped. Collects what these objects name and refer to.
 */
export class FilterSession {
  readonly filter: ObjectFilter
  readonly #connectivity: ConnectivityCheck
  #instance: WasmInstance | undefined
  #skippedClean = { blob: 0, tree: 0, commit: 0, tag: 0 }
  #skippedBytes = 0

  constructor(filter: ObjectFilter, connectivity: ConnectivityCheck) {
    this.filter = filter
    this.#connectivity = connectivity
  }

  /** Accepts objects in the memory of this instance, which counts skipped objects as well. */
  useInstance(instance: WasmInstance): void {
    this.#instance = instance
    this.filter.shareMemory(instance)
    this.#connectivity.useInstance(instance, this.filter.nameFragments)
  }

  /** The table in which WebAssembly finds object IDs, if there is one. */
  get wasmTable(): ObjectLocations['wasmTable'] {
    return this.#connectivity.locations.wasmTable
  }

  /** Inspects a whole object, and follows its links. */
  inspect(bytes: Uint8Array, kind: ObjectKind): FilterResult {
    const result = this.filter.inspect(bytes, kind)
    this.followLinks(bytes, kind, { result })
    return result
  }

  /**
   * Checks what an object refers to, and collects the names in a tree. `linkCount`: see
   * `ConnectivityCheck.checkObject`.
   */
  followLinks(
    bytes: Uint8Array,
    kind: ObjectKind,
    { result, linkCount }: { readonly result: FilterResult; readonly linkCount?: number },
  ): void {
    const fragments = this.#connectivity.checkObject(bytes, kind, linkCount)
    // A tree in which something was found is emitted, and its reader collects the names. They must
    // not be collected here as well: a name may hold the secret, and these names are cached.
    if (kind === 'tree' && result !== FilterResult.found) this.filter.collectNames(bytes, fragments)
  }

  /**
   * Inspects the changed bytes of an object, with as many bytes around them as the keywords of the
   * base depend on. Inspects again with more context when the changed bytes have a keyword that
   * depends on more, or a NUL: all of the object may then be UTF-16. A new keyword always stands
   * next to a changed byte. The first bytes of a blob are inspected, too, since a change there can
   * make it another type of file.
   *
   * Returns undefined when there is no room for the changed bytes.
   */
  inspectDelta(
    kind: ObjectKind,
    { baseResult, keptPrefix, changedBytes }: DeltaChange,
  ): FilterResult | undefined {
    const { filter } = this
    const headBytes = kind === 'blob' && keptPrefix < filter.headBytes ? filter.headBytes : 0
    for (let radius = Math.max(baseResult, filter.longestKeyword); ; ) {
      const bytes = changedBytes({ radius, headBytes })
      if (bytes === undefined) return undefined
      const result = filter.inspect(bytes, kind)
      if (result <= radius || result >= FilterResult.inspectWhole)
        return Math.max(result, baseResult)
      radius = result
    }
  }

  /** Counts an object in which nothing was found. */
  countSkippedClean(kind: ObjectKind, bytes: number): void {
    this.#skippedClean[kind] += 1
    this.#skippedBytes += bytes
  }

  /** Returns what was counted and collected since the last call. */
  takeStats(): FilterStats {
    const loops = this.#instance?.loops
    KINDS.forEach(
      (kind, type) => kind && (this.#skippedClean[kind] += loops?.takeSkippedCount(type) ?? 0),
    )
    this.#skippedBytes += loops?.takeSkippedBytes() ?? 0
    const stats: FilterStats = {
      skippedClean: this.#skippedClean,
      bytes: this.#skippedBytes,
      names: this.filter.takeNames(),
      isConnected: this.#connectivity.takeConnected(),
      looseIds: this.#connectivity.takeLooseIds(),
    }
    this.#skippedClean = { blob: 0, tree: 0, commit: 0, tag: 0 }
    this.#skippedBytes = 0
    return stats
  }
}
