// Entries of trees that may lead to wanted objects. Twin: `scanTree` in
// src/git/attribution/history/folder-scan.ts.

/** A bit for each value of the first 19 bits of an object ID: 1 where a wanted ID may begin so. */
const WANTED = memory.data(65536, 64)
/**
 * Recently numbered folders, each in the slot that its object ID selects: the folder's number + 1,
 * the number of bytes of its name and ID, and these bytes.
 */
const FOLDER_SLOTS: u32 = 1 << 15
const FOLDER_SLOT_BYTES: usize = 64
const FOLDERS = memory.data(2097152, 64)
const SLOT_HEADER_BYTES: usize = 8
/** The most entries that one scan lists. */
const MAX_ENTRIES = 16384
const ENTRIES = memory.data(4 * MAX_ENTRIES, 64)
/** The longest mode with the space behind it. */
const MAX_MODE_BYTES: usize = 8

const SPACE: u32 = 0x20
const DIGIT_1: u32 = 0x31
const DIGIT_4: u32 = 0x34

let entryCount: i32 = 0

/** Adds the first three bytes of a wanted object ID, as one number with the first byte highest. */
export function addWantedPrefix(bytes: u32): void {
  const bit = bytes >>> 5
  const at = WANTED + (bit >>> 3)
  store<u8>(at, <u8>(<u32>load<u8>(at) | (<u32>1 << (bit & 7))))
}

/** Returns where `scanTree` lists entries, 32 bits each. */
export function scannedEntries(): usize {
  return ENTRIES
}

/** Returns how many entries the last scan listed. */
export function scannedCount(): i32 {
  return entryCount
}

/**
 * Lists the entries of a tree that are no plain files or whose objects may be wanted: for a folder
 * with a number that number, for other entries the complement of their offset. Returns the offset
 * of the first entry that is not complete; -1 for bytes that are no tree, -2 when the list is full.
 * Up to 15 bytes behind `to` are read.
 */
export function scanTree(from: usize, to: usize, idBytes: usize): i32 {
  entryCount = 0
  for (let at = from; at < to; ) {
    const name = nameStart(at, to)
    if (name == 0) return to - at < MAX_MODE_BYTES ? <i32>(at - from) : -1
    const id = nulFrom(name, to) + 1
    const next = id + idBytes
    if (next > to) return <i32>(at - from)
    const isWanted = mayBeWanted(id)
    if (isWanted || load<u8>(at) != DIGIT_1) {
      if (entryCount == MAX_ENTRIES) return -2
      // Only mode 40000 makes a folder, whatever the entry's name and object are.
      const number = isWanted || !isFolder(at, name) ? -1 : numberOf(name, id, next)
      const entry = number < 0 ? ~<i32>(at - from) : number
      store<i32>(ENTRIES + (<usize>entryCount << 2), entry)
      entryCount += 1
    }
    at = next
  }
  return <i32>(to - from)
}

/** Remembers a number for the folder whose entry begins at `at`. */
export function numberFolder(at: usize, to: usize, idBytes: usize, folder: i32): void {
  const name = nameStart(at, to)
  const id = nulFrom(name, to) + 1
  const length = id + idBytes - name
  if (length > FOLDER_SLOT_BYTES - SLOT_HEADER_BYTES) return
  const slot = slotOf(id)
  store<i32>(slot, folder + 1)
  store<u32>(slot + 4, <u32>length)
  memory.copy(slot + SLOT_HEADER_BYTES, name, length)
}

/** Returns the number of a folder with the same name and object, or -1. */
function numberOf(name: usize, id: usize, next: usize): i32 {
  const slot = slotOf(id)
  const length = next - name
  if (load<u32>(slot + 4) != <u32>length) return -1
  // An ID has at least twenty bytes, so the last vector may overlap the one before it.
  const remembered = slot + SLOT_HEADER_BYTES
  const last = length - 16
  for (let at: usize = 0; at < last; at += 16) if (differ(remembered + at, name + at)) return -1
  return differ(remembered + last, name + last) ? -1 : load<i32>(slot) - 1
}

// @ts-ignore: decorator
@inline
function differ(a: usize, b: usize): bool {
  return v128.any_true(v128.xor(v128.load(a), v128.load(b)))
}

// @ts-ignore: decorator
@inline
function slotOf(id: usize): usize {
  return FOLDERS + <usize>(load<u32>(id) & (FOLDER_SLOTS - 1)) * FOLDER_SLOT_BYTES
}

// @ts-ignore: decorator
@inline
function mayBeWanted(id: usize): bool {
  const high = (<u32>load<u8>(id) << 11) | (<u32>load<u8>(id + 1) << 3)
  const bit = high | (<u32>load<u8>(id + 2) >>> 5)
  return ((load<u8>(WANTED + (bit >>> 3)) >>> (bit & 7)) & 1) != 0
}

/** True when the mode is `40000 `. */
// @ts-ignore: decorator
@inline
function isFolder(at: usize, name: usize): bool {
  return name == at + 6 && load<u8>(at) == DIGIT_4 && load<u32>(at + 1) == 0x30303030
}

/** Returns where the name of an entry begins, or 0 when no mode stands before it. */
// @ts-ignore: decorator
@inline
function nameStart(at: usize, to: usize): usize {
  const first = load<u8>(at)
  if (first == DIGIT_1 && at + 6 < to && load<u8>(at + 6) == SPACE) return at + 7
  if (first == DIGIT_4 && at + 5 < to && load<u8>(at + 5) == SPACE) return at + 6
  const end = min(at + MAX_MODE_BYTES, to)
  for (let place = at; place < end; place += 1) if (load<u8>(place) == SPACE) return place + 1
  return 0
}

/** Returns the address of the next NUL, or `to` or more when none stands before `to`. */
// @ts-ignore: decorator
@inline
export function nulFrom(from: usize, to: usize): usize {
  for (let at = from; at < to; at += 16) {
    const mask = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(0)))
    if (mask != 0) return at + ctz(mask)
  }
  return to
}
