/** More texts, or longer ones, are not kept in memory: 16 MB at most. */
const MAX_TEXTS = 4096
const MAX_TEXT = 4096

/**
 * What `make` makes of a text for something, made once: versions of a file hold the same values.
 * For what hangs on nothing else, `more` included.
 */
export function memoize<For extends object, More extends readonly unknown[], Made>(
  make: (text: string, what: For, ...more: More) => Made,
): (text: string, what: For, ...more: More) => Made {
  const made = new Map<For, Map<string, Made>>()
  let count = 0
  return (text, what, ...more) => {
    const known = made.get(what)?.get(text)
    if (known !== undefined) return known
    const fresh = make(text, what, ...more)
    if (text.length > MAX_TEXT || count === MAX_TEXTS) return fresh
    const texts = made.get(what) ?? new Map<string, Made>()
    made.set(what, texts.set(text, fresh))
    count += 1
    return fresh
  }
}
