/**
 * Writes the changed lines of each frame of Ink to the terminal. Ink's own output is not used: Ink
 * 6.8 moves the cursor up by one line too few or too many when a frame ends with a line feed, and
 * clears the scrollback for a frame as high as the terminal.
 */
export class FrameWriter {
  readonly #write: (text: string) => void
  readonly #lineOf: (row: string) => string
  #lines: readonly string[] = []
  #isOpen = true

  /** `lineOf` returns the line for a row of a frame, which may be a placeholder. */
  constructor(write: (text: string) => void, lineOf: (row: string) => string) {
    this.#write = write
    this.#lineOf = lineOf
  }

  /** Draws a frame over the previous one. */
  draw(frame: string): void {
    if (!this.#isOpen || frame === '') return
    const lines = frame.split('\n').map(this.#lineOf)
    const changes = Array.from({ length: Math.max(lines.length, this.#lines.length) }, (_, at) => {
      const line = lines[at] ?? ''
      return line === this.#lines[at] ? '' : `\u001B[${at + 1};1H\u001B[2K${line}\u001B[0m`
    }).join('')
    this.#lines = lines
    // Mode 2026 (synchronized output) makes the terminal show all changes at once.
    if (changes !== '') this.#write(`\u001B[?2026h${changes}\u001B[?2026l`)
  }

  /** Clears the terminal, so that the next frame is drawn whole. */
  clear(): void {
    this.#lines = []
    if (this.#isOpen) this.#write('\u001B[2J')
  }

  /** Ignores all further frames. */
  close(): void {
    this.#isOpen = false
  }
}

/** Returns a stream like `output`, with the same size, whose writes go to `write` instead. */
export function divertWrites(
  output: NodeJS.WriteStream,
  write: (text: string) => void,
): NodeJS.WriteStream {
  return new Proxy(output, {
    get(target, name) {
      if (name === 'write') {
        return (text: string): boolean => {
          write(text)
          return true
        }
      }
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
