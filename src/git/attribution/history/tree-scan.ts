import { prefixAt, type PrefixSet } from '../index/prefix-set.ts'

const SPACE = 0x20
const ONE = 0x31
const FOUR = 0x34

/** The most bytes of a mode and the space behind it. */
const MODE_BYTES = 8

/**
 * Hears of an entry: where its mode begins, where its name does, and the NUL behind that. The
 * object's name comes next.
 */
export type OnEntry = (mode: number, name: number, nul: number) => void

/**
 * Looks through a raw tree, `100644 .env\0` and the 20 or 32 bytes of the object's name, again and
 * again, for entries that are no plain files, or whose object may be wanted. Gives the offset of
 * the first entry that is not whole, or -1 for what is no tree. Every entry of every tree of a
 * history comes by here: nothing is made for those that pass.
 */
export function scanTree(
  bytes: Uint8Array,
  idBytes: number,
  wanted: PrefixSet,
  onEntry: OnEntry,
): number {
  const end = bytes.length
  for (let at = 0; at < end; ) {
    const first = bytes[at]
    const mode = at
    if (first === ONE && bytes[at + 6] === SPACE) at += 7
    else if (first === FOUR && bytes[at + 5] === SPACE) at += 6
    else {
      const space = bytes.subarray(at, at + MODE_BYTES).indexOf(SPACE)
      if (space < 0) return end - at < MODE_BYTES ? at : -1
      at += space + 1
    }
    const name = at
    at = nulFrom(bytes, at)
    const id = at + 1
    if (id + idBytes > end) return mode
    if (first !== ONE || wanted.has(prefixAt(bytes, id))) onEntry(mode, name, at)
    at = id + idBytes
  }
  return end
}

/**
 * Where the next NUL is, or the end of the bytes. Four at a time, since the loop itself costs as
 * much as a look.
 */
function nulFrom(bytes: Uint8Array, from: number): number {
  const end = bytes.length
  let at = from
  for (; at + 3 < end; at += 4) {
    if (bytes[at] === 0) return at
    if (bytes[at + 1] === 0) return at + 1
    if (bytes[at + 2] === 0) return at + 2
    if (bytes[at + 3] === 0) return at + 3
  }
  while (at < end && bytes[at] !== 0) at += 1
  return at
}
