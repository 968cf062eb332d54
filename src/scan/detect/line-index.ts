const NEWLINE = 10

/** A place in a blob: its 1-based line, and the offset at which that line begins. */
export interface LinePlace {
  readonly line: number
  readonly lineStart: number
}

export const FIRST_LINE: LinePlace = { line: 1, lineStart: 0 }

/** Where the lines of one window begin, as far as anybody asked. */
export class LineIndex {
  readonly #bytes: Uint8Array
  readonly #start: number
  readonly #before: LinePlace
  /** Offsets in the blob of the first byte of each line that begins in the window. */
  readonly #starts: number[] = []
  /** Where in the window to look for the next end of a line. */
  #next = 0

  /** `before` is the place of the window's first byte, whose offset in the blob is `start`. */
  constructor(bytes: Uint8Array, start: number, before: LinePlace) {
    this.#bytes = bytes
    this.#start = start
    this.#before = before
  }

  /** The line of an offset that lies in the window. */
  locate(offset: number): LinePlace {
    this.#readTo(offset - this.#start)
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

  /** A Buffer looks for bytes natively, and in arrays that are none, too. */
  #readTo(end: number): void {
    while (this.#next <= end) {
      const at = Buffer.prototype.indexOf.call(this.#bytes, NEWLINE, this.#next)
      this.#next = at < 0 ? Infinity : at + 1
      if (at >= 0) this.#starts.push(this.#start + at + 1)
    }
  }
}
