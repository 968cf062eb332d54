import { readSync } from 'node:fs'
import type { PlanLoops } from '../../wasm/plan-loops.ts'
import { type Entries, ENTRY_BYTES, placeEntries, type Placing, roomForEntries } from './entries.ts'
import { readHeaders, type Reading } from './entry-headers.ts'
import {
  type DeltaChains,
  CHAIN_ENTRY_BYTES,
  linkDeltaChains,
  allocateDeltaChains,
} from './delta-chains.ts'
import { IdTable } from '../id-table.ts'
import type { PackIndex } from '../pack-index.ts'
import { bytesWithGaps, type PlanMemory } from './plan-memory.ts'

/** So much of a pack is read at once; the loops that put offsets in order count in it before. */
const WINDOW_BYTES = 1 << 17

/** How much memory a plan takes of so many entries and names. */
export function planBytes(entries: number, names: number, idBytes: number): number {
  return bytesWithGaps(
    entries * (ENTRY_BYTES + CHAIN_ENTRY_BYTES) + IdTable.bytesFor(names, idBytes) + WINDOW_BYTES,
  )
}

/**
 * The steps that a plan is made in: by assembly/plan.ts, where its memory has these loops. What git
 * would not write, they leave to their twins, which say what it is.
 */
export class PackPlanner {
  readonly entries: Entries
  readonly #names: IdTable
  /** Nothing is in these until all headers were read. */
  readonly #families: DeltaChains
  readonly #window: Uint8Array
  readonly #loops: PlanLoops | undefined

  constructor(memory: PlanMemory, indexes: readonly PackIndex[], names: IdTable) {
    const entries = roomForEntries(memory, indexes)
    const families = allocateDeltaChains(memory, entries.count)
    this.entries = entries
    this.#families = families
    this.#names = names
    this.#window = memory.take(Uint8Array, WINDOW_BYTES)
    this.#loops = memory.fast?.loops
    this.#loops?.setEntries(
      at(entries.offsets),
      at(entries.ends),
      at(entries.sizes),
      at(entries.bases),
      at(entries.names),
      at(entries.firsts),
      at(entries.headers),
      at(entries.types),
      at(entries.repeats),
    )
    this.#loops?.setDeltaChains(
      at(families.roots),
      at(families.firstChildren),
      at(families.nextSiblings),
      at(families.weights),
    )
  }

  /** Places the entries of the pack with this number, which end at `end`. Throws PackSurprise. */
  place(pack: number, index: PackIndex, end: number): void {
    const start = this.entries.packStarts[pack] ?? 0
    const names = this.#families.nextSiblings.subarray(0, index.count)
    this.#names.addAll(index.bytes, { at: index.namesAt, step: index.nameStep }, names)
    if (!this.#placed({ start, end, names }, index))
      placeEntries(this.entries, { start, end, offsets: index.offsets(), names })
  }

  /**
   * Reads the headers of that pack's entries, once all packs have their places. Throws
   * PackSurprise.
   */
  readHeaders(pack: number, file: number): void {
    const [start, end] = [
      this.entries.packStarts[pack] ?? 0,
      this.entries.packStarts[pack + 1] ?? 0,
    ]
    const reading: Reading = { start, end, names: this.#names }
    if (!this.#headersRead(file, reading)) readHeaders(this.entries, file, reading)
  }

  join(): DeltaChains {
    if (this.#loops === undefined) return linkDeltaChains(this.entries, this.#families)
    const count = this.#loops.linkDeltaChains(this.entries.count)
    return { ...this.#families, roots: this.#families.roots.subarray(0, count) }
  }

  #placed(
    { start, end, names }: Omit<Placing, 'offsets'>,
    { bytes, offsetsAt, count }: PackIndex,
  ): boolean {
    if (this.#loops === undefined || offsetsAt === undefined) return false
    const given = this.#families.weights
    new Uint8Array(given.buffer, at(given)).set(
      bytes.subarray(offsetsAt, offsetsAt + Uint32Array.BYTES_PER_ELEMENT * count),
    )
    return (
      this.#loops.placeEntries(
        start,
        count,
        at(names),
        at(given),
        at(this.entries.sizes),
        at(this.#window),
        end,
      ) === 1
    )
  }

  #headersRead(file: number, { start, end }: Reading): boolean {
    if (this.#loops === undefined) return false
    for (let entry = start; entry < end; ) {
      const from = this.entries.offsets[entry] ?? 0
      const have = readSync(file, this.#window, 0, WINDOW_BYTES, from)
      entry = this.#loops.readHeaders(
        at(this.#window),
        from,
        have,
        entry,
        end,
        start,
        this.#names.memory.idBytes,
      )
      if (entry < 0) return false
    }
    return true
  }
}

/** Where an array of the plan begins in its memory. */
function at({ byteOffset }: ArrayBufferView): number {
  return byteOffset
}
