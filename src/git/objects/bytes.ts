/** What each byte stands for as a hexadecimal digit, -1 for none. Git takes capitals too. */
const DIGITS = new Int8Array(256).fill(-1)
for (let digit = 0; digit < 16; digit += 1)
  for (const text of [digit.toString(16), digit.toString(16).toUpperCase()])
    DIGITS[text.charCodeAt(0)] = digit

/**
 * `41a1…` → the bytes, as many as there is room for; false where that is no hexadecimal. Reads tens
 * of thousands of names without making a text of any.
 */
export function readHex(bytes: Uint8Array, from: number, into: Uint8Array): boolean {
  for (let place = 0, at = from; place < into.length; place += 1, at += 2) {
    const byte = ((DIGITS[bytes[at] ?? 0] ?? -1) << 4) | (DIGITS[bytes[at + 1] ?? 0] ?? -1)
    if (byte < 0) return false
    into[place] = byte
  }
  return true
}
