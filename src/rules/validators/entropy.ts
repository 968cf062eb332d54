/** Computes Shannon entropy. */
/** Counts of the characters of the current text; all zero between calls. */
const counts = new Uint32Array(1 << 16)

/**
 * Returns the Shannon entropy of `text` in bits per character: 0 for one repeated character, at
 * most 4 for hex, at most 6 for base64.
 */
export function shannon(text: string): number {
  for (let index = 0; index < text.length; index += 1)
    counts[text.charCodeAt(index)] = (counts[text.charCodeAt(index)] ?? 0) + 1
  let bits = 0
  for (let index = 0; index < text.length; index += 1) {
    const count = counts[text.charCodeAt(index)] ?? 0
    counts[text.charCodeAt(index)] = 0
    if (count > 0) bits -= (count / text.length) * Math.log2(count / text.length)
  }
  return Math.abs(bits)
}
