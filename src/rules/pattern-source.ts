/** Why the text of a regular expression cannot be the pattern of a rule; undefined when it can. */
export function flawOfPattern(text: string): string | undefined {
  if (!isAscii(text)) return 'ASCII (text is read a byte a character)'
  if (!text.includes('(?<secret>')) return 'a group named secret: (?<secret>…)'
  const unbounded = unboundedRepetition(text)
  if (unbounded !== undefined)
    return `an upper bound to every repetition, which ${unbounded} has not`
  try {
    void new RegExp(text, 'dg')
  } catch (error) {
    return `a regular expression of JavaScript (${error instanceof Error ? error.message.split(': ').at(-1) : 'not one'})`
  }
  return undefined
}

/** Does text hold nothing above 0x7F? */
export function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text)
}

/**
 * The first `*`, `+` or `{n,}` outside of character classes and escapes.
 * JavaScript backtracks: what has no bound may take as long as its input allows.
 */
function unboundedRepetition(text: string): string | undefined {
  const token = /\\.|\[(?:\\.|[^\]\\])*\]|[*+]|\{\d+,\}|[^]/g
  return text.match(token)?.find((found) => /^(?:[*+]|\{\d+,\})$/.test(found))
}
