/** Shannon entropy of `text` in bits per character: 0 for one repeated character, at most 4 for hex, at most 6 for base64. */
export function shannon(text: string): number {
  const counts = new Map<string, number>()
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index)
    counts.set(char, (counts.get(char) ?? 0) + 1)
  }
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return Math.abs(bits)
}
