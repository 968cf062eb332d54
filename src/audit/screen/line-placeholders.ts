import { widthOf } from '../../report/terminal/fit.ts'

/**
 * The first of the code points that stand for lines: private ones, which Ink takes for one column.
 */
const FIRST_PLACEHOLDER = 0xf0000

const STYLE_SEQUENCE = /\u001B\[[\d;]*m/g

/**
 * Lines, each behind one character that stands for it. Ink takes text apart into single styled
 * characters and measures each, which costs more than a key may; it lays out these characters
 * instead, and each row that is one of them is the line it stands for.
 */
export class LinePlaceholders {
  #lines: string[] = []

  /**
   * Puts lines away; what is given stands for them, in order. Lines of earlier frames are forgotten
   * with `clear`.
   */
  put(lines: readonly string[]): readonly string[] {
    return lines.map((line) => String.fromCodePoint(FIRST_PLACEHOLDER + this.#lines.push(line) - 1))
  }

  /** Before a new frame. */
  clear(): void {
    this.#lines = []
  }

  /** The line that a row stands for, no wider than the terminal; any other row is itself. */
  lineOf(row: string, columns: number): string {
    const line =
      row.length === 2 ? this.#lines[(row.codePointAt(0) ?? 0) - FIRST_PLACEHOLDER] : undefined
    return line === undefined ? row : cutStyled(line, columns)
  }
}

/** A styled line of at most so many columns. */
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
