// Modes, with which the entries of trees begin.

/** Bytes of the longest mode with its space, `100644 `. */
export const MAX_MODE_BYTES: usize = 7
/** `100644 ` and `40000 ` as numbers: nearly all entries begin with one of these. */
export const PLAIN_FILE: u64 = 0x20343436303031
export const FOLDER: u64 = 0x203030303034
/** The bytes of a 64-bit number that are compared with these. */
export const FILE_MASK: u64 = 0x00ffffffffffffff
export const FOLDER_MASK: u64 = 0x0000ffffffffffff

const SPACE: u8 = 0x20
const DIGIT_0: u8 = 0x30
const DIGIT_1: u8 = 0x31
const DIGIT_4: u8 = 0x34
const DIGIT_6: u8 = 0x36
const DIGIT_7: u8 = 0x37

/** Returns where the space behind the mode at `at` stands, or 0 without a mode before `end`. */
export function modeEnd(at: usize, end: usize): usize {
  const head = load<u64>(at)
  if ((head & FILE_MASK) == PLAIN_FILE && at + 6 < end) return at + 6
  if ((head & FOLDER_MASK) == FOLDER && at + 5 < end) return at + 5
  const first = load<u8>(at)
  if (first == DIGIT_0) return load<u8>(at + 1) == DIGIT_4 ? folderEnd(at + 1, end) : 0
  if (first == DIGIT_4) return folderEnd(at, end)
  if (first != DIGIT_1 || at + 6 >= end || load<u8>(at + 6) != SPACE) return 0
  for (let digit = at + 1; digit < at + 6; digit += 1)
    if (load<u8>(digit) < DIGIT_0 || load<u8>(digit) > DIGIT_7) return 0
  return at + 6
}

/** As `modeEnd`, for `40000 `, which some programs wrote with a zero before it. */
function folderEnd(at: usize, end: usize): usize {
  const isFolder = load<u8>(at + 5) == SPACE && load<u16>(at + 1) == 0x3030
  return at + 5 < end && isFolder ? at + 5 : 0
}

/**
 * True when an entry whose ID stands at `id` may name a file. A folder may seem to, when `100644 `
 * can stand in its name. Many repositories have a folder `src`, and `rc` is a name fragment.
 */
export function mayNameFile(at: usize, id: usize): bool {
  if (load<u8>(at) == DIGIT_1) return true
  for (let place = modeEnd(at, id) + 1; place < id; place += 1)
    if (load<u8>(place) == SPACE) return true
  return false
}

/** True for the mode `160000`, a commit of another repository. */
// @ts-ignore: decorator
@inline
export function isSubmodule(at: usize): bool {
  return load<u8>(at + 1) == DIGIT_6
}
