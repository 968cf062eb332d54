// Numbers of object IDs, from the table in the memory of a plan.

/**
 * Slot of this module's function table for `find` of assembly/plan.ts. It is called too often for a
 * detour through JavaScript.
 */
const FIND: u32 = 0

let packedCount: u32 = 0

/** Sets below which number IDs are those of objects in packs; 0 when there is no table. */
export function setPackedCount(count: u32): void {
  packedCount = count
}

/** Returns the number of the ID at an address, or -1 when it is unknown. Reads 32 bytes. */
export function idNumberAt(id: usize): i32 {
  if (packedCount == 0) return -1
  return call_indirect<i32>(
    FIND,
    load<u32>(id),
    load<u32>(id, 4),
    load<u32>(id, 8),
    load<u32>(id, 12),
    load<u32>(id, 16),
    load<u32>(id, 20),
    load<u32>(id, 24),
    load<u32>(id, 28),
  )
}

/** True when a pack holds the object whose ID has this number. */
export function isPacked(number: i32): bool {
  return <u32>number < packedCount
}
