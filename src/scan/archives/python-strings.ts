const LINE_FEED = 0x0a
const REFERENCE_FLAG = 0x80

/** Types of strings with one byte of length, and with four. */
const SHORT = new Set(Array.from('zZ', (type) => type.charCodeAt(0)))
const LONG = new Set(Array.from('aAuts', (type) => type.charCodeAt(0)))

/** Shorter ones hold no secret, and are found where none is. */
const MIN_LENGTH = 8

/**
 * Compiled Python begins with its version, `\xa7\r`, and `\r\n`, which no text has after such
 * bytes.
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
 * The same bytes, with line feeds in place of what stands around each string: `z\x14AKIA…z(abc…N`
 * is a string of 20 bytes, one of 40, and `None`, whose types would be taken for letters of the
 * strings before them.
 */
export function withStringsApart(bytes: Uint8Array): Uint8Array {
  const apart = Uint8Array.from(bytes)
  for (let at = 0; at < bytes.length; ) {
    const [start, end] = stringAt(bytes, at)
    if (end - start >= MIN_LENGTH) {
      apart.fill(LINE_FEED, at, start)
      apart.fill(LINE_FEED, end, end + 1)
      at = end
    } else {
      at += 1
    }
  }
  return apart
}

/** Where the text of a string is whose type is at `at`; nowhere if there is none, or no text. */
function stringAt(bytes: Uint8Array, at: number): readonly [number, number] {
  const type = (bytes[at] ?? 0) & ~REFERENCE_FLAG
  const start = at + (SHORT.has(type) ? 2 : LONG.has(type) ? 5 : 0)
  if (start === at || start > bytes.length) return [0, 0]
  const length =
    start === at + 2
      ? (bytes[at + 1] ?? 0)
      : new DataView(bytes.buffer, bytes.byteOffset).getUint32(at + 1, true)
  const end = start + length
  if (end > bytes.length) return [0, 0]
  for (let index = start; index < end; index += 1) if (!isText(bytes[index] ?? 0)) return [0, 0]
  return [start, end]
}

function isText(byte: number): boolean {
  return (byte >= 0x20 && byte !== 0x7f) || byte === 0x09 || byte === LINE_FEED || byte === 0x0d
}
