/** Returns the words of a text, which are separated by spaces and line feeds, as a set. */
export function wordSet(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/))
}
