/** Values of an env file with their offsets, and the functions to cut them out of a line. */
/**
 * A value as one program reads it: without quotes, with escapes decoded, and with its offsets in
 * the text.
 */
export interface ParsedValue {
  readonly value: string
  readonly start: number
  readonly end: number
}

/** A value at the place where the parser stands. */
export interface ValueToken extends ParsedValue {
  /** Offset at which parsing continues. */
  readonly next: number
  /** Values that other programs read here; some may be equal. */
  readonly alternatives: readonly ParsedValue[]
}

/**
 * Returns the index of the `\r` or `
 * ` that ends the line of `at`, or the length of the text.
 */
export function lineEndOf(text: string, at: number): number {
  for (let index = at; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === 10 || code === 13) return index
  }
  return text.length
}

/** Returns `end` moved back over blanks, at most to `start`. */
export function trimmedEnd(text: string, start: number, end: number): number {
  let index = end
  while (index > start && /[ \t\v\f]/.test(text.charAt(index - 1))) index--
  return index
}

/** Returns the text between two offsets as a value. */
export function valueBetween(text: string, start: number, end: number): ParsedValue {
  return { value: text.slice(start, end), start, end }
}
