// Modes that entries of trees begin with.

/** Of the modes a tree's entries have, `40000 ` and `100644 ` are the shortest and the longest. */
export const LONGEST_MODE: usize = 7
/** `100644 ` and `40000 `: nearly all are one of these. */
export const PLAIN_FILE: u64 = 0x20343436303031
export const FOLDER: u64 = 0x203030303034
/** Which of eight bytes these are compared with. */
export const FILE_MASK: u64 = 0x00ffffffffffffff
export const FOLDER_MASK: u64 = 0x0000ffffffffffff

/** Where the space behind a mode stands, if one begins here and ends before `end`, else 0. */
export function modeEnd(at: usize, end: usize): usize {
  const head = load<u64>(at)
  if ((head & FILE_MASK) == PLAIN_FILE && at + 6 < end) return at + 6
  if ((head & FOLDER_MASK) == FOLDER && at + 5 < end) return at + 5
  const first = load<u8>(at)
  if (first == 0x30) return load<u8>(at + 1) == 0x34 ? folderEnd(at + 1, end) : 0
  if (first == 0x34) return folderEnd(at, end)
  if (first != 0x31 || at + 6 >= end || load<u8>(at + 6) != 0x20) return 0
  for (let digit = at + 1; digit < at + 6; digit += 1) if (load<u8>(digit) < 0x30 || load<u8>(digit) > 0x37) return 0
  return at + 6
}

/** `40000 `, which some programs wrote with a zero before it. */
function folderEnd(at: usize, end: usize): usize {
  return at + 5 < end && load<u8>(at + 5) == 0x20 && load<u16>(at + 1) == 0x3030 ? at + 5 : 0
}

/**
 * May the entry have a file's name, which ends before `id`? A folder's only looks like one where
 * `100644 ` may stand in it. Many repositories have a `src`, and `rc` is a mark.
 */
export function mayNameFile(at: usize, id: usize): bool {
  if (load<u8>(at) == 0x31) return true
  for (let place = modeEnd(at, id) + 1; place < id; place += 1) if (load<u8>(place) == 0x20) return true
  return false
}

/** `160000`: a commit of another repository. */
// @ts-ignore: decorator
@inline
export function isForeign(at: usize): bool {
  return load<u8>(at + 1) == 0x36
}
