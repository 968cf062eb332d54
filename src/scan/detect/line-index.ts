/** Finds the line and column of an offset in a blob. */

const NEWLINE = 10

/** A 1-based line, and the offset in the blob at which it begins. */
export interface LineStart {
  readonly line: number
  readonly lineStart: number
}

export const FIRST_LINE: LineStart = { line: 1, lineStart: 0 }

/** The lines of one window of a blob, read only as far as `locate` needs them. */
export class LineIndex {
  readonly #bytes: Uint8Array
  readonly #start: number
  readonly #before: LineStart
  /** Offsets in the blob of the first byte of each line that begins in the window. */
  readonly #lineStarts: number[] = []
  /** Offset in the window from which the next line feed is searched for. */
  #searchFrom = 0

  /** `before` is the line of the window's first byte, whose offset in the blob is `start`. */
  constructor(bytes: Uint8Array, start: number, before: LineStart) {
    this.#bytes = bytes
    this.#start = start
    this.#before = before
  }

  /** Returns the line of an offset in the blob that lies in the window. */
  locate(offset: number): LineStart {
    this.#readTo(offset - this.#start)
    let low = 0
    let high = this.#lineStarts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#lineStarts[middle] ?? Infinity) <= offset) low = middle + 1
      else high = middle
    }
    const lineStart = this.#lineStarts[low - 1]
    return lineStart === undefined ? this.#before : { line: this.#before.line + low, lineStart }
  }

  #readTo(end: number): void {
    while (this.#searchFrom <= end) {
      // The native search of Buffer works on any Uint8Array.
      const at = Buffer.prototype.indexOf.call(this.#bytes, NEWLINE, this.#searchFrom)
      this.#searchFrom = at < 0 ? Infinity : at + 1
      if (at >= 0) this.#lineStarts.push(this.#start + at + 1)
    }
  }
}
