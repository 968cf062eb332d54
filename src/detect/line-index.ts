const NEWLINE = 10

/** A place in a blob: its 1-based line, and the offset at which that line begins. */
export interface LinePlace {
  readonly line: number
  readonly lineStart: number
}

export const FIRST_LINE: LinePlace = { line: 1, lineStart: 0 }

/** Where the lines of one window begin. */
export class LineIndex {
  readonly #before: LinePlace
  /** Offsets in the blob of the first byte of each line that begins in the window. */
  readonly #starts: number[] = []

  /** `before` is the place of the window's first byte, whose offset in the blob is `start`. */
  constructor(bytes: Uint8Array, start: number, before: LinePlace) {
    this.#before = before
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) this.#starts.push(start + at + 1)
  }

  /** The line of an offset that lies in the window. */
  locate(offset: number): LinePlace {
    let low = 0
    let high = this.#starts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#starts[middle] ?? Infinity) <= offset) low = middle + 1
      else high = middle
    }
    const lineStart = this.#starts[low - 1]
    return lineStart === undefined ? this.#before : { line: this.#before.line + low, lineStart }
  }
}
