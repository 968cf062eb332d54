/**
 * Of the modes a tree's entries have: `40000 `, `040000 `, `100644 `, `100755 `, `100664 `, `120000
 * `, `160000 `.
 */
const DIGIT_0 = 0x30
const DIGIT_4 = 0x34
const DIGIT_1 = 0x31
const DIGIT_6 = 0x36
const SPACE = 0x20

/**
 * Where the entry ends that begins here, `100644 a.txt\0` and the bytes of a name; -1 where none
 * does.
 */
export function entryEnd(bytes: Uint8Array, at: number, idBytes: number): number {
  const space = modeEnd(bytes, at)
  const nul = space < 0 ? -1 : bytes.indexOf(0, space)
  const end = nul + 1 + idBytes
  return nul < 0 || end > bytes.length ? -1 : end
}

/** `160000`: a commit of another repository. */
export function isForeign(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 1] === DIGIT_6
}

/** Where the space behind a mode stands, if one begins here, else -1. */
function modeEnd(bytes: Uint8Array, at: number): number {
  const first = bytes[at]
  // Some programs wrote a zero before the mode of a folder.
  if (first === DIGIT_0 && bytes[at + 1] === DIGIT_4) return modeEnd(bytes, at + 1)
  if (first === DIGIT_4)
    return bytes[at + 5] === SPACE && bytes[at + 1] === DIGIT_0 && bytes[at + 2] === DIGIT_0
      ? at + 5
      : -1
  return first === DIGIT_1 && bytes[at + 6] === SPACE && isDigits(bytes, at + 1, at + 6)
    ? at + 6
    : -1
}

function isDigits(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1)
    if ((bytes[at] ?? 0) < DIGIT_0 || (bytes[at] ?? 0) > 0x37) return false
  return true
}

/** Four bytes as one number. */
export function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  )
}
