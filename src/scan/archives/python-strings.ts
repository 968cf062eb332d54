/** Strings in compiled Python: the `marshal` format of `.pyc` files. */

const LINE_FEED = 0x0a

/** Bit that `marshal` sets in the type of an object to which later references point. */
const REFERENCE_FLAG = 0x80

/** Types of strings behind one byte of length. */
const SHORT_TYPES = new Set(Array.from('zZ', (type) => type.charCodeAt(0)))

/** Types of strings behind four bytes of length. */
const LONG_TYPES = new Set(Array.from('aAuts', (type) => type.charCodeAt(0)))

/** Shorter strings hold no secret, and random bytes are often taken for them. */
const MIN_STRING_BYTES = 8

/**
 * True for compiled Python, which begins with its version, such as `\xa7\r`, and `\r\n`: bytes that
 * no text has in this order.
 */
export function isPython(head: Uint8Array): boolean {
  const [low, high = 0, cr, lf] = head
  return (
    cr === 0x0d &&
    lf === LINE_FEED &&
    ((high >= 0x0b && high <= 0x0f) || (low === 0x03 && high === 0xf3))
  )
}

/**
 * Returns a copy with line feeds in place of the bytes around each string. In `z\x14AKIA…z(abc…N`,
 * a string of 20 bytes, one of 40 and `None`, the types would otherwise be taken for letters of the
 * strings before them.
 */
export function separateStrings(bytes: Uint8Array): Uint8Array {
  const separated = Uint8Array.from(bytes)
  for (let at = 0; at < bytes.length; ) {
    const [start, end] = stringAt(bytes, at)
    if (end - start >= MIN_STRING_BYTES) {
      separated.fill(LINE_FEED, at, start)
      separated.fill(LINE_FEED, end, end + 1)
      at = end
    } else {
      at += 1
    }
  }
  return separated
}

/** Returns start and end of the string whose type is at `offset`; `[0, 0]` when there is none. */
function stringAt(bytes: Uint8Array, offset: number): readonly [number, number] {
  const type = (bytes[offset] ?? 0) & ~REFERENCE_FLAG
  const isShort = SHORT_TYPES.has(type)
  if (!isShort && !LONG_TYPES.has(type)) return [0, 0]
  const start = offset + (isShort ? 2 : 5)
  if (start > bytes.length) return [0, 0]
  const length = isShort
    ? (bytes[offset + 1] ?? 0)
    : new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset + 1, true)
  const end = start + length
  if (end > bytes.length) return [0, 0]
  for (let at = start; at < end; at += 1) if (!isTextByte(bytes[at] ?? 0)) return [0, 0]
  return [start, end]
}

function isTextByte(byte: number): boolean {
  return (byte >= 0x20 && byte !== 0x7f) || byte === 0x09 || byte === LINE_FEED || byte === 0x0d
}
