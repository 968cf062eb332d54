/**
 * The records through which `assembly/` knows the entries of packs: 24 bytes for each entry, in the
 * layout that assembly/entry-records.ts describes.
 */
import type { WasmInstance } from '../../wasm/instantiate.ts'
import type { WalkPlan } from '../emit-object.ts'
import { stretchOf } from '../pack-bytes.ts'

const RECORD_BYTES = 24

/** Entries whose records are written with one call into WebAssembly. */
const CHUNK_ENTRIES = 1 << 14

/** Bytes that `columnsOf` has of an entry: three numbers of 64 bits, three of 32, three bytes. */
const COLUMN_BYTES = 39

/** Memory behind the records that `writeEntryRecords` overwrites. */
export const RECORD_CHUNK_BYTES = COLUMN_BYTES * CHUNK_ENTRIES

/** Returns how many bytes the records of `count` entries take. */
export function entryRecordBytes(count: number): number {
  return RECORD_BYTES * count
}

/** Returns for each pack the number of its first stretch, when those of all packs are counted on. */
export function firstStretches({ entries }: WalkPlan): readonly number[] {
  const firsts: number[] = []
  let next = 0
  for (let pack = 0; pack + 1 < entries.packStarts.length; pack += 1) {
    firsts.push(next)
    const end = entries.packStarts[pack + 1] ?? 0
    if (end > (entries.packStarts[pack] ?? 0))
      next += stretchOf(entries.ends[end - 1] ?? 0).stretch + 1
  }
  return firsts
}

/**
 * Writes a record for each entry of the plan to the instance's memory, from address `into` on.
 * Overwrites the `RECORD_CHUNK_BYTES` bytes behind the records.
 */
export function writeEntryRecords(
  plan: WalkPlan,
  firsts: readonly number[],
  { memory, loops }: WasmInstance,
  into: number,
): void {
  const { packStarts } = plan.entries
  const scratch = into + entryRecordBytes(plan.entries.count)
  for (const [pack, first] of firsts.entries()) {
    const end = packStarts[pack + 1] ?? 0
    for (let from = packStarts[pack] ?? 0; from < end; from += CHUNK_ENTRIES) {
      const to = Math.min(end, from + CHUNK_ENTRIES)
      copyColumns(plan, { from, to }, memory(), scratch)
      loops.writeEntryRecords(into + entryRecordBytes(from), scratch, to - from, first)
    }
  }
}

/** Copies the columns of some entries to memory, one behind the other from address `into` on. */
function copyColumns(
  plan: WalkPlan,
  { from, to }: { readonly from: number; readonly to: number },
  memory: Uint8Array,
  into: number,
): void {
  let at = into
  for (const { buffer, byteOffset, BYTES_PER_ELEMENT } of columnsOf(plan)) {
    const length = BYTES_PER_ELEMENT * (to - from)
    memory.set(new Uint8Array(buffer, byteOffset + BYTES_PER_ELEMENT * from, length), at)
    at += length
  }
}

/** Returns the columns that records are made of, the widest first: so each one is aligned. */
function columnsOf({
  entries,
  chains,
  selection,
}: WalkPlan): readonly (Float64Array | Int32Array | Uint8Array)[] {
  return [
    entries.offsets,
    entries.ends,
    entries.sizes,
    entries.bases,
    chains.firstChildren,
    chains.nextSiblings,
    entries.headerBytes,
    entries.types,
    selection,
  ]
}
