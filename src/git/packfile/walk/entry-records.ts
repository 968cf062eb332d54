import type { WasmInstance } from '../../wasm/instantiate.ts'
import type { WalkPlan } from '../emit-object.ts'
import { stretchOf } from '../pack-bytes.ts'

const RECORD_BYTES = 24
/**
 * So many are written at once, from columns that take 39 bytes of each: three numbers of 64 bits,
 * three of 32, three bytes.
 */
const ENTRIES_AT_ONCE = 1 << 14
export const RECORD_CHUNK_BYTES = 39 * ENTRIES_AT_ONCE

/** Bytes of the records of so many entries. */
export function entryRecordBytes(count: number): number {
  return RECORD_BYTES * count
}

/** For each pack the number of its first stretch, those of all packs counted together. */
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
 * Writes a record for each entry to memory, by assembly/entry-records.ts; what is in `LAYING_BYTES`
 * behind them is lost.
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
    for (let from = packStarts[pack] ?? 0; from < end; from += ENTRIES_AT_ONCE) {
      const to = Math.min(end, from + ENTRIES_AT_ONCE)
      let at = scratch
      for (const column of columnsOf(plan)) {
        const bytes = column.BYTES_PER_ELEMENT
        memory().set(
          new Uint8Array(column.buffer, column.byteOffset + bytes * from, bytes * (to - from)),
          at,
        )
        at += bytes * (to - from)
      }
      loops.writeEntryRecords(into + entryRecordBytes(from), scratch, to - from, first)
    }
  }
}

/** The widest first, so that all of them stand at even addresses. */
function columnsOf({
  entries,
  families,
  marks,
}: WalkPlan): readonly (Float64Array | Int32Array | Uint8Array)[] {
  return [
    entries.offsets,
    entries.ends,
    entries.sizes,
    entries.bases,
    families.firstChildren,
    families.nextSiblings,
    entries.headers,
    entries.types,
    marks,
  ]
}
