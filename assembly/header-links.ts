// Object IDs in the headers of commits and tags. Twin: `headerLinksKnown` in
// src/git/packfile/walk/object-links.ts.

/** The most IDs that are read from one header. */
const MAX_LINKS: i32 = 4096
/** The IDs as bytes, one every 32 bytes. */
const IDS = memory.data(32 * 4096, 16)
/** The number of each ID, 32 bits each. */
const NUMBERS = memory.data(4 * 4096, 16)

/** `tree`, `pare` of `parent `, `obje` of `object `, `auth` and `type` as 32-bit numbers. */
export const TREE: u32 = 0x65657274
export const PARENT: u32 = 0x65726170
const OBJECT: u32 = 0x656a626f
const AUTHOR: u32 = 0x68747561
const TYPE: u32 = 0x65707974
/** `nt`, `ct` and `or`, the two bytes behind `pare`, `obje` and `auth`. */
const PARENT_END: u16 = 0x746e
const OBJECT_END: u16 = 0x7463
const AUTHOR_END: u16 = 0x726f
const SPACE: u8 = 0x20
const LINE_FEED: u8 = 0x0a

/** Returns where `readHeaderLinks` writes IDs, one every 32 bytes. */
export function headerIds(): usize {
  return IDS
}

/** Returns the number of an ID of the header that was read last, or -1. */
export function headerNumber(link: i32): i32 {
  return load<i32>(NUMBERS + (<usize>link << 2))
}

/** Stores the number of an ID for `headerNumber`. */
export function setHeaderNumber(link: i32, number: i32): void {
  store<i32>(NUMBERS + (<usize>link << 2), number)
}

/**
 * Reads the IDs of `tree 41a1…\nparent 3b18…\nauthor …` in a commit or `object 41a1…\ntype commit`
 * in a tag. Returns their number; its complement when an unexpected line ends the list, so that IDs
 * may be missing. Up to 15 bytes behind `to` are read.
 */
export function readHeaderLinks(from: usize, to: usize, idBytes: usize): i32 {
  let count: i32 = 0
  let at = from
  while (!isBehindLinks(at)) {
    const id = at + wordBytes(at)
    const next = id + 2 * idBytes + 1
    if (id == at || next > to || count == MAX_LINKS) return ~count
    if (load<u8>(next - 1) != LINE_FEED) return ~count
    if (!readHex(id, IDS + 32 * <usize>count, idBytes)) return ~count
    count += 1
    at = next
  }
  return at > from && at + 7 <= to ? count : ~count
}

/** True at `author ` or `type `, the lines that follow the links. */
function isBehindLinks(at: usize): bool {
  const word = load<u32>(at)
  if (word == AUTHOR) return load<u16>(at + 4) == AUTHOR_END && load<u8>(at + 6) == SPACE
  return word == TYPE && load<u8>(at + 4) == SPACE
}

/** Returns the bytes of a word that stands before an ID, with its space; 0 for other words. */
function wordBytes(at: usize): usize {
  const word = load<u32>(at)
  if (word == TREE) return load<u8>(at + 4) == SPACE ? 5 : 0
  const end = load<u16>(at + 4)
  const isParent = word == PARENT && end == PARENT_END
  const isObject = word == OBJECT && end == OBJECT_END
  return (isParent || isObject) && load<u8>(at + 6) == SPACE ? 7 : 0
}

/** Decodes lower-case hexadecimal to `bytes` bytes. False when other characters stand there. */
function readHex(from: usize, into: usize, bytes: usize): bool {
  let digits: u32 = 0
  for (let at: usize = 0; at < bytes; at += 1) {
    const high = digitOf(load<u8>(from + 2 * at))
    const low = digitOf(load<u8>(from + 2 * at + 1))
    digits |= high | low
    store<u8>(into + at, <u8>((high << 4) | low))
  }
  return digits < 16
}

/** Returns the value of a hexadecimal digit, 16 for other characters. */
// @ts-ignore: decorator
@inline
function digitOf(byte: u32): u32 {
  if (byte - 0x30 < 10) return byte - 0x30
  return byte - 0x61 < 6 ? byte - 0x61 + 10 : 16
}
