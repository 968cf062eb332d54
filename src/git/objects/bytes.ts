/** Reading of hexadecimal object ids and of 32-bit words from raw bytes. */

/** The value of each byte as a hexadecimal digit, or -1. Git accepts upper-case digits too. */
const DIGITS = new Int8Array(256).fill(-1)
for (let digit = 0; digit < 16; digit += 1)
  for (const text of [digit.toString(16), digit.toString(16).toUpperCase()])
    DIGITS[text.charCodeAt(0)] = digit

/**
 * Decodes hexadecimal text such as `41a1…` into `into`, as many bytes as fit there. Returns false
 * when the text is not hexadecimal. Reads tens of thousands of ids without creating a string for
 * any of them.
 */
export function readHex(bytes: Uint8Array, from: number, into: Uint8Array): boolean {
  for (let index = 0, at = from; index < into.length; index += 1, at += 2) {
    const byte = ((DIGITS[bytes[at] ?? 0] ?? -1) << 4) | (DIGITS[bytes[at + 1] ?? 0] ?? -1)
    if (byte < 0) return false
    into[index] = byte
  }
  return true
}

/** Reads a 32-bit word, lowest byte first: `5a 01 00 00` is 346. */
export function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  )
}
