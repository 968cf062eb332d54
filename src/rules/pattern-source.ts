/** Checks the source text of a rule's pattern. */
/** Returns the reason why a text cannot be the pattern of a rule, or undefined. */
export function flawOfPattern(text: string): string | undefined {
  if (!isAscii(text)) return 'ASCII (text is read a byte a character)'
  if (!text.includes('(?<secret>')) return 'a group named secret: (?<secret>…)'
  const unbounded = unboundedRepetition(text)
  if (unbounded !== undefined)
    return `an upper bound to every repetition, which ${unbounded} has not`
  try {
    void new RegExp(text, 'dg')
  } catch (error) {
    const message = error instanceof Error ? error.message.split(': ').at(-1) : 'not one'
    return `a regular expression of JavaScript (${message})`
  }
  return undefined
}

/** True for a text without characters above 0x7F. */
export function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text)
}

/**
 * Returns the first `*`, `+` or `{n,}` outside character classes and escapes. JavaScript
 * backtracks, so an unbounded repetition may take as long as its input allows.
 */
function unboundedRepetition(text: string): string | undefined {
  const token = /\\.|\[(?:\\.|[^\]\\])*\]|[*+]|\{\d+,\}|[^]/g
  return text.match(token)?.find((repetition) => /^(?:[*+]|\{\d+,\})$/.test(repetition))
}
