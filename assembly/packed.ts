// Which objects are in packs, by a table of names that is not in this memory.

/**
 * Where in this module's table `find` of assembly/plan.ts stands, which has to be called often and
 * is not worth a way through JavaScript.
 */
const FIND: u32 = 0

let packed: u32 = 0

/** Numbers of names below this are those of objects in packs. */
export function setPacked(names: u32): void {
  packed = names
}

/**
 * The number of the name that stands somewhere; -1 where it is not known, or nothing is in packs.
 * Reads 32 bytes.
 */
export function numberAt(id: usize): i32 {
  if (packed == 0) return -1
  return call_indirect<i32>(FIND, load<u32>(id), load<u32>(id, 4), load<u32>(id, 8), load<u32>(id, 12), load<u32>(id, 16), load<u32>(id, 20), load<u32>(id, 24), load<u32>(id, 28))
}

/** Is it that of an object in a pack? */
export function isPacked(number: i32): bool {
  return <u32>number < packed
}
