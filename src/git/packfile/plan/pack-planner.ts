import { readSync } from 'node:fs'
import type { PlanLoops } from '../../wasm/plan-loops.ts'
import {
  allocateEntries,
  type Entries,
  ENTRY_BYTES,
  type PackPlacement,
  placeEntries,
} from './entries.ts'
import { type HeaderRange, readHeaders } from './entry-headers.ts'
import {
  allocateDeltaChains,
  CHAIN_ENTRY_BYTES,
  type DeltaChains,
  linkDeltaChains,
} from './delta-chains.ts'
import { IdTable } from '../id-table.ts'
import type { PackIndex } from '../pack-index.ts'
import { bytesWithGaps, type PlanMemory } from './plan-memory.ts'

/**
 * Bytes of a pack that are read at once. Before that, the loops that sort offsets count in this
 * memory.
 */
const WINDOW_BYTES = 1 << 17

/** Returns how much memory a plan of so many entries and IDs takes. */
export function planBytes(entries: number, ids: number, idBytes: number): number {
  return bytesWithGaps(
    entries * (ENTRY_BYTES + CHAIN_ENTRY_BYTES) + IdTable.bytesFor(ids, idBytes) + WINDOW_BYTES,
  )
}

/**
 * Plans the reading of packs in three steps: places the entries in the order of their packs, reads
 * their headers, and links the delta chains. Each step runs in assembly/plan.ts when the memory has
 * these loops. A pack that git would not write is left to the same step in TypeScript, which tells
 * what is wrong with it.
 */
export class PackPlanner {
  readonly entries: Entries
  readonly #ids: IdTable
  /** Scratch memory until all headers are read: then the chains are linked here. */
  readonly #chains: DeltaChains
  readonly #window: Uint8Array
  readonly #loops: PlanLoops | undefined

  constructor(memory: PlanMemory, indexes: readonly PackIndex[], ids: IdTable) {
    const entries = allocateEntries(memory, indexes)
    const chains = allocateDeltaChains(memory, entries.count)
    this.entries = entries
    this.#chains = chains
    this.#ids = ids
    this.#window = memory.allocate(Uint8Array, WINDOW_BYTES)
    this.#loops = memory.wasm?.loops
    this.#loops?.setEntries(
      addressOf(entries.offsets),
      addressOf(entries.ends),
      addressOf(entries.sizes),
      addressOf(entries.bases),
      addressOf(entries.idNumbers),
      addressOf(entries.firstEntries),
      addressOf(entries.headerBytes),
      addressOf(entries.types),
      addressOf(entries.duplicates),
    )
    this.#loops?.setDeltaChains(
      addressOf(chains.roots),
      addressOf(chains.firstChildren),
      addressOf(chains.nextSiblings),
      addressOf(chains.weights),
    )
  }

  /** Places the entries of a pack, the last of which ends at offset `end`. Throws PackSurprise. */
  placeEntries(pack: number, index: PackIndex, end: number): void {
    const start = this.entries.packStarts[pack] ?? 0
    const idNumbers = this.#chains.nextSiblings.subarray(0, index.count)
    this.#ids.addAll(index.bytes, { at: index.idsAt, step: index.idStep }, idNumbers)
    if (!this.#placeInWasm({ start, end, idNumbers }, index))
      placeEntries(this.entries, { start, end, offsets: index.offsets(), idNumbers })
  }

  /** Reads the headers of a pack's entries, after all packs were placed. Throws PackSurprise. */
  readHeaders(pack: number, fd: number): void {
    const { packStarts } = this.entries
    const [start, end] = [packStarts[pack] ?? 0, packStarts[pack + 1] ?? 0]
    const range: HeaderRange = { start, end, ids: this.#ids }
    if (!this.#readHeadersInWasm(fd, range)) readHeaders(this.entries, fd, range)
  }

  /** Links the delta chains of all packs, after all headers were read. */
  linkChains(): DeltaChains {
    if (this.#loops === undefined) return linkDeltaChains(this.entries, this.#chains)
    const rootCount = this.#loops.linkDeltaChains(this.entries.count)
    return { ...this.#chains, roots: this.#chains.roots.subarray(0, rootCount) }
  }

  /** Returns false when the offsets are not as git writes them, or not for these loops. */
  #placeInWasm(
    { start, end, idNumbers }: Omit<PackPlacement, 'offsets'>,
    { bytes, offsetsAt, count }: PackIndex,
  ): boolean {
    if (this.#loops === undefined || offsetsAt === undefined) return false
    const scratch = this.#chains.weights
    new Uint8Array(scratch.buffer, addressOf(scratch)).set(
      bytes.subarray(offsetsAt, offsetsAt + Uint32Array.BYTES_PER_ELEMENT * count),
    )
    return (
      this.#loops.placeEntries(
        start,
        count,
        addressOf(idNumbers),
        addressOf(scratch),
        addressOf(this.entries.sizes),
        addressOf(this.#window),
        end,
      ) === 1
    )
  }

  /** Returns false when a header is not as git writes it. */
  #readHeadersInWasm(fd: number, { start, end }: HeaderRange): boolean {
    if (this.#loops === undefined) return false
    for (let entry = start; entry < end; ) {
      const from = this.entries.offsets[entry] ?? 0
      const length = readSync(fd, this.#window, 0, WINDOW_BYTES, from)
      entry = this.#loops.readHeaders(
        addressOf(this.#window),
        from,
        length,
        entry,
        end,
        start,
        this.#ids.memory.idBytes,
      )
      if (entry < 0) return false
    }
    return true
  }
}

/** Returns where an array of the plan begins in its memory. */
function addressOf({ byteOffset }: ArrayBufferView): number {
  return byteOffset
}
