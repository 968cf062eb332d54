/** Limits of the number and length of the texts in memory: 16 MB at most. */
const MAX_TEXTS = 4096
const MAX_TEXT_LENGTH = 4096

/**
 * Returns `make` with a cache of its results by text and `scope`, because versions of a file hold
 * the same values. The result must depend on nothing else: `more` must be the same in every call with
 * the same `scope`.
 */
export function memoize<Scope extends object, More extends readonly unknown[], Result>(
  make: (text: string, scope: Scope, ...more: More) => Result,
): (text: string, scope: Scope, ...more: More) => Result {
  const results = new Map<Scope, Map<string, Result>>()
  let count = 0
  return (text, scope, ...more) => {
    const cached = results.get(scope)?.get(text)
    if (cached !== undefined) return cached
    const result = make(text, scope, ...more)
    if (text.length > MAX_TEXT_LENGTH || count === MAX_TEXTS) return result
    const byText = results.get(scope) ?? new Map<string, Result>()
    results.set(scope, byText.set(text, result))
    count += 1
    return result
  }
}
