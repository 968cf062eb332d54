/** Placeholders that Ink lays out in place of whole lines, which makes a frame cheap. */
import { widthOf } from '../../report/terminal/fit.ts'

/** First code point used as a placeholder; Ink counts private code points as one column wide. */
const FIRST_PLACEHOLDER = 0xf0000

const STYLE_SEQUENCE = /\u001B\[[\d;]*m/g

/**
 * Stores lines and represents each by one character. Ink splits text into styled characters and
 * measures each of them, which takes too long for a key press; so it lays out these characters, and
 * each row that is a placeholder is replaced by its line when it is drawn.
 */
export class LinePlaceholders {
  #lines: string[] = []

  /** Stores lines and returns their placeholders, in order. */
  put(lines: readonly string[]): readonly string[] {
    return lines.map((line) => String.fromCodePoint(FIRST_PLACEHOLDER + this.#lines.push(line) - 1))
  }

  /** Removes all lines, before a new frame. */
  clear(): void {
    this.#lines = []
  }

  /** Returns the line of a placeholder, cut to the terminal's width. Other rows are returned. */
  lineOf(row: string, columns: number): string {
    const line =
      row.length === 2 ? this.#lines[(row.codePointAt(0) ?? 0) - FIRST_PLACEHOLDER] : undefined
    return line === undefined ? row : cutStyled(line, columns)
  }
}

/** Cuts a styled line to a number of columns. */
function cutStyled(line: string, columns: number): string {
  if (line.length <= columns || widthOf(line.replaceAll(STYLE_SEQUENCE, '')) <= columns) return line
  let room = columns
  let cut = ''
  for (const [token] of line.matchAll(/\u001B\[[\d;]*m|[^]/gu)) {
    if (!token.startsWith('\u001B')) room -= widthOf(token)
    if (room < 0) return cut
    cut += token
  }
  return cut
}
