// What was seen lately: names of objects, and entries.

/**
 * Names of objects seen lately, each in the place that its first word says: most entries of a tree
 * were in the version before.
 */
const LATELY_COUNT: u32 = 1 << 14
const LATELY = memory.data(524288, 64)
/** The number of each of these names, or -1. */
const NUMBERS = memory.data(65536, 64)
/**
 * Entries with marks that were given lately, `.env\0` and the name of an object with their length
 * before them, each in the place that the first word of the object's name says.
 */
const GIVEN_COUNT: u32 = 1 << 11
const GIVEN_SIZE: usize = 64
const GIVEN = memory.data(131072, 64)

/** What was seen before was of other objects, or for somebody else. */
export function forget(): void {
  memory.fill(LATELY, 0, <usize>LATELY_COUNT << 5)
  memory.fill(GIVEN, 0, <usize>GIVEN_COUNT * GIVEN_SIZE)
}

/** Was an entry with this name and this object given lately? From now on it was. */
export function wasGiven(name: usize, id: usize, idBytes: usize): bool {
  const length = id + idBytes - name
  if (length > GIVEN_SIZE - 4) return false
  const held = GIVEN + ((<usize>load<u32>(id) & (GIVEN_COUNT - 1)) * GIVEN_SIZE)
  if (load<u32>(held) == <u32>length && memory.compare(held + 4, name, length) == 0) return true
  store<u32>(held, <u32>length)
  memory.copy(held + 4, name, length)
  return false
}

/** Nothing but zeros stands where no name was noted yet. */
export function isLately(id: usize, idBytes: usize): bool {
  if (load<u32>(id) == 0) return false
  const held = LATELY + (slotOf(id) << 5)
  if (v128.any_true(v128.xor(v128.load(id), v128.load(held)))) return false
  return idBytes == 20 ? load<u32>(id + 16) == load<u32>(held + 16) : !v128.any_true(v128.xor(v128.load(id + 16), v128.load(held + 16)))
}

/** The number of a name that is lately. */
export function numberLately(id: usize): i32 {
  return load<i32>(NUMBERS + (slotOf(id) << 2))
}

export function remember(id: usize, idBytes: usize, number: i32): void {
  memory.copy(LATELY + (slotOf(id) << 5), id, idBytes)
  store<i32>(NUMBERS + (slotOf(id) << 2), number)
}

// @ts-ignore: decorator
@inline
function slotOf(id: usize): usize {
  return <usize>(load<u32>(id) & (LATELY_COUNT - 1))
}
