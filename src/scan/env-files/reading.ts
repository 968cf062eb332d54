/**
 * What a program takes a value for: without quotes and with escapes decoded, and where it stands in
 * the text.
 */
export interface Reading {
  readonly value: string
  readonly start: number
  readonly end: number
}

/** A value as it stands in the text. */
export interface RawValue extends Reading {
  /** Where reading goes on. */
  readonly next: number
  /** What other programs read there; some may be equal. */
  readonly others: readonly Reading[]
}

/** Index of the `\r` or `\n` that ends the line of `at`, or of the end of the text. */
export function lineEndOf(text: string, at: number): number {
  for (let index = at; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === 10 || code === 13) return index
  }
  return text.length
}

/** `end` without blanks before it, but not before `start`. */
export function trimmedEnd(text: string, start: number, end: number): number {
  let index = end
  while (index > start && /[ \t\v\f]/.test(text.charAt(index - 1))) index--
  return index
}

/** The text between two offsets as a reading. */
export function readingOf(text: string, start: number, end: number): Reading {
  return { value: text.slice(start, end), start, end }
}
