import type { WalkPlan } from './given.ts'
import type { Kernel } from './kernel.ts'
import { stretchOf } from './pack-bytes.ts'

const RECORD_BYTES = 24
/** What a plan takes of an entry while it is turned into records: three numbers of 64 bits, three of 32, three bytes. */
const PLAN_BYTES = 39

/** Bytes of the records of so many entries. */
export function bytesOfRecords(count: number): number {
  return RECORD_BYTES * count
}

/** For each pack the number of its first stretch, those of all packs counted together. */
export function firstStretches({ entries }: WalkPlan): readonly number[] {
  const firsts: number[] = []
  let next = 0
  for (let pack = 0; pack + 1 < entries.packStarts.length; pack += 1) {
    firsts.push(next)
    const end = entries.packStarts[pack + 1] ?? 0
    if (end > (entries.packStarts[pack] ?? 0)) next += stretchOf(entries.ends[end - 1] ?? 0).stretch + 1
  }
  return firsts
}

/** Writes a record for each entry to memory, by assembly/records.ts. What is behind them in memory is lost. False where there is no room. */
export function layRecords({ entries, families, marks }: WalkPlan, firsts: readonly number[], kernel: Kernel, into: number): boolean {
  const plan = into + RECORD_BYTES * entries.count
  if (!kernel.reserve(plan + PLAN_BYTES * entries.count)) return false
  let at = plan
  for (const column of [entries.offsets, entries.ends, entries.sizes, entries.bases, families.firstChildren, families.nextSiblings, entries.headers, entries.types, marks]) {
    kernel.memory().set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at)
    at += column.byteLength
  }
  firsts.forEach((first, pack) => kernel.instance?.loops.layRecords(into, plan, entries.count, entries.packStarts[pack] ?? 0, entries.packStarts[pack + 1] ?? 0, first))
  return true
}
