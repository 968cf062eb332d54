/**
 * Frames as Ink lays them out → the lines that changed, each written at its place. Ink 6.8 goes up
 * by as many lines as it thinks it drew, and is off by one where a frame ends with a line feed; and
 * it clears the terminal, with what was above, for a full one.
 */
export class FrameWriter {
  readonly #write: (text: string) => void
  readonly #lineOf: (row: string) => string
  #shown: readonly string[] = []
  #open = true

  /** `lineOf`: what a row of a frame stands for. */
  constructor(write: (text: string) => void, lineOf: (row: string) => string) {
    this.#write = write
    this.#lineOf = lineOf
  }

  /** Draws a frame over the one before. */
  draw(frame: string): void {
    if (!this.#open || frame === '') return
    const lines = frame.split('\n').map(this.#lineOf)
    const changes = Array.from({ length: Math.max(lines.length, this.#shown.length) }, (_, at) => {
      const line = lines[at] ?? ''
      return line === this.#shown[at] ? '' : `\u001B[${at + 1};1H\u001B[2K${line}\u001B[0m`
    }).join('')
    this.#shown = lines
    // All at once, for terminals that know how.
    if (changes !== '') this.#write(`\u001B[?2026h${changes}\u001B[?2026l`)
  }

  /** Nothing on the terminal can be relied on: it has another size. */
  clear(): void {
    this.#shown = []
    if (this.#open) this.#write('\u001B[2J')
  }

  /** Draws nothing any more. */
  close(): void {
    this.#open = false
  }
}

/** The same stream for whoever asks for its size, but what is written goes elsewhere. */
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
