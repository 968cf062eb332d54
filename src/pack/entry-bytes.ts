import { GAP } from './kernel.ts'

/** Of the modes a tree's entries have: `40000 `, `040000 `, `100644 `, `100755 `, `100664 `, `120000 `, `160000 `. */
const DIGIT_0 = 0x30
const DIGIT_4 = 0x34
const DIGIT_1 = 0x31
export const DIGIT_6 = 0x36
const SPACE = 0x20
const LONGEST_MODE = 7

/** What there is instead of an entry's end: something was left out of it, or it is none. */
export const CUT = -1
export const NO_ENTRY = -2

/** Where the entry ends that begins here, `100644 a.txt\0` and the bytes of a name; or `CUT` or `NO_ENTRY`. */
export function entryEnd(bytes: Uint8Array, at: number, idBytes: number): number {
  const space = modeEnd(bytes, at)
  if (space < 0) return gapIn(bytes, at, at + LONGEST_MODE) ? CUT : NO_ENTRY
  for (let nul = space + 1; nul < bytes.length; nul += 1) {
    const end = nul + 1 + idBytes
    if (bytes[nul] === 0 && end <= bytes.length) return end
    if (bytes[nul] === 0) return gapIn(bytes, nul + 1, bytes.length) ? CUT : NO_ENTRY
    if (bytes[nul] === 0xff && isGap(bytes, nul)) return CUT
  }
  return NO_ENTRY
}

/** Does an entry begin here, or the tree end? */
export function isEntry(bytes: Uint8Array, at: number): boolean {
  return at === bytes.length || modeEnd(bytes, at) >= 0
}

/** Was something left out between two offsets, or of what begins before? */
export function gapIn(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from - GAP.length + 1; at < to; at += 1) if (isGap(bytes, at)) return true
  return false
}

/** Was something left out here? */
export function isGap(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xff && bytes[at + 1] === 0xff && bytes[at + 2] === 0xff && bytes[at + 3] === 0xff
}

/** Where the space behind a mode stands, if one begins here, else -1. */
export function modeEnd(bytes: Uint8Array, at: number): number {
  const first = bytes[at]
  // Some programs wrote a zero before the mode of a folder.
  if (first === DIGIT_0 && bytes[at + 1] === DIGIT_4) return modeEnd(bytes, at + 1)
  if (first === DIGIT_4) return bytes[at + 5] === SPACE && bytes[at + 1] === DIGIT_0 && bytes[at + 2] === DIGIT_0 ? at + 5 : -1
  return first === DIGIT_1 && bytes[at + 6] === SPACE && isDigits(bytes, at + 1, at + 6) ? at + 6 : -1
}

function isDigits(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if ((bytes[at] ?? 0) < DIGIT_0 || (bytes[at] ?? 0) > 0x37) return false
  return true
}

/** Four bytes as one number. */
export function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)
}
