// What commits and tags refer to, by name, before anything else. Twin: `linksOfHeader` in
// src/pack/header-links.ts.

/** Names of so many objects are given at once. */
const MOST: i32 = 4096
const IDS = memory.data(32 * 4096, 16)
const NUMBERS = memory.data(4 * 4096, 16)

/** `tree `, `pare` and `nt `, `obje` and `ct `: as numbers of 32 bits. */
export const TREE: u32 = 0x65657274
export const PARENT: u32 = 0x65726170
const OBJECT: u32 = 0x656a626f
const AUTHOR: u32 = 0x68747561
const TYPE: u32 = 0x65707974
const SPACE: u8 = 0x20
const LINE_FEED: u8 = 0x0a

/** Where the names are, as bytes, one behind the other. */
export function headerIds(): usize {
  return IDS
}

/** The number of one of these names, or -1, for whoever has found it out. */
export function headerNumber(link: i32): i32 {
  return load<i32>(NUMBERS + (<usize>link << 2))
}

export function setHeaderNumber(link: i32, number: i32): void {
  store<i32>(NUMBERS + (<usize>link << 2), number)
}

/**
 * `tree 41a1…\nparent 3b18…\nauthor …` of a commit and `object 41a1…\ntype commit` of a tag. Gives
 * how many names there are, with all bits turned where something else stands there: then some may
 * be missing. Up to 15 bytes behind `to` are read.
 */
export function headerLinks(from: usize, to: usize, idBytes: usize): i32 {
  let count: i32 = 0
  let at = from
  while (!isBehindLinks(at)) {
    const name = at + wordSize(at)
    const next = name + 2 * idBytes + 1
    if (name == at || next > to || count == MOST || load<u8>(next - 1) != LINE_FEED || !readHex(name, IDS + 32 * <usize>count, idBytes)) return ~count
    count += 1
    at = next
  }
  return at > from && at + 7 <= to ? count : ~count
}

/** `author ` or `type `. */
function isBehindLinks(at: usize): bool {
  const word = load<u32>(at)
  if (word == AUTHOR) return load<u16>(at + 4) == 0x726f && load<u8>(at + 6) == SPACE
  return word == TYPE && load<u8>(at + 4) == SPACE
}

/** Bytes of a word that a name follows, and 0 for others. */
function wordSize(at: usize): usize {
  const word = load<u32>(at)
  if (word == TREE) return load<u8>(at + 4) == SPACE ? 5 : 0
  if (word == PARENT) return load<u16>(at + 4) == 0x746e && load<u8>(at + 6) == SPACE ? 7 : 0
  return word == OBJECT && load<u16>(at + 4) == 0x7463 && load<u8>(at + 6) == SPACE ? 7 : 0
}

/** Writes so many bytes that stand in hexadecimal, lower case; false where something else does. */
function readHex(from: usize, into: usize, bytes: usize): bool {
  let bad: u32 = 0
  for (let at: usize = 0; at < bytes; at += 1) {
    const high = digitOf(load<u8>(from + 2 * at))
    const low = digitOf(load<u8>(from + 2 * at + 1))
    bad |= high | low
    store<u8>(into + at, <u8>((high << 4) | low))
  }
  return bad < 16
}

/** 0 to 15, or 16. */
// @ts-ignore: decorator
@inline
function digitOf(byte: u32): u32 {
  if (byte - 0x30 < 10) return byte - 0x30
  return byte - 0x61 < 6 ? byte - 0x61 + 10 : 16
}
