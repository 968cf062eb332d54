// Object IDs and tree entries of the trees that were read recently: most entries of a tree also
// stand in its version before.

/** Recent object IDs, each in the slot that its first word selects. */
const ID_SLOTS: u32 = 1 << 14
const IDS = memory.data(524288, 64)
/** The number of the ID in each slot, or -1. */
const NUMBERS = memory.data(65536, 64)
/**
 * Recently emitted entries with a name fragment, `.env\0` and the object ID, with the number of
 * these bytes before them, each in the slot that the first word of the ID selects.
 */
const ENTRY_SLOTS: u32 = 1 << 11
const ENTRY_SLOT_BYTES: usize = 64
const ENTRIES = memory.data(131072, 64)

/** Forgets all IDs and entries, before other objects or for another reader. */
export function forgetRecent(): void {
  memory.fill(IDS, 0, <usize>ID_SLOTS << 5)
  memory.fill(ENTRIES, 0, <usize>ENTRY_SLOTS * ENTRY_SLOT_BYTES)
}

/** True when an entry with this name and ID was emitted recently; remembers it otherwise. */
export function wasEmitted(name: usize, id: usize, idBytes: usize): bool {
  const length = id + idBytes - name
  if (length > ENTRY_SLOT_BYTES - 4) return false
  const slot = ENTRIES + (<usize>load<u32>(id) & (ENTRY_SLOTS - 1)) * ENTRY_SLOT_BYTES
  if (load<u32>(slot) == <u32>length && memory.compare(slot + 4, name, length) == 0) return true
  store<u32>(slot, <u32>length)
  memory.copy(slot + 4, name, length)
  return false
}

/** True when the ID was remembered recently. An empty slot holds zeros. */
export function isRecent(id: usize, idBytes: usize): bool {
  if (load<u32>(id) == 0) return false
  const slot = IDS + (slotOf(id) << 5)
  if (v128.any_true(v128.xor(v128.load(id), v128.load(slot)))) return false
  if (idBytes == 20) return load<u32>(id + 16) == load<u32>(slot + 16)
  return !v128.any_true(v128.xor(v128.load(id + 16), v128.load(slot + 16)))
}

/** Returns the number of an ID that is recent. */
export function recentNumber(id: usize): i32 {
  return load<i32>(NUMBERS + (slotOf(id) << 2))
}

/** Remembers an ID and its number. */
export function remember(id: usize, idBytes: usize, number: i32): void {
  memory.copy(IDS + (slotOf(id) << 5), id, idBytes)
  store<i32>(NUMBERS + (slotOf(id) << 2), number)
}

// @ts-ignore: decorator
@inline
function slotOf(id: usize): usize {
  return <usize>(load<u32>(id) & (ID_SLOTS - 1))
}
