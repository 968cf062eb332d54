/** Reads a text forward, by code points. */
export class Scanner {
  readonly #characters: readonly string[]
  #at = 0

  constructor(text: string) {
    this.#characters = [...text]
  }

  get done(): boolean {
    return this.#at >= this.#characters.length
  }

  /** Returns the next character without reading it; `''` at the end. */
  peek(): string {
    return this.#characters[this.#at] ?? ''
  }

  /** Reads the next character; `''` at the end. */
  next(): string {
    const character = this.peek()
    this.#at += 1
    return character
  }

  /** Reads `text` when it comes next, and returns whether it did. */
  take(text: string): boolean {
    if (!this.#upcoming(text.length).startsWith(text)) return false
    this.#at += text.length
    return true
  }

  /** Reads the match of an expression with `^` at its start in the next `maxLength` characters. */
  match(pattern: RegExp, maxLength = 64): RegExpExecArray | undefined {
    const match = pattern.exec(this.#upcoming(maxLength)) ?? undefined
    if (match !== undefined) this.#at += [...match[0]].length
    return match
  }

  #upcoming(count: number): string {
    return this.#characters.slice(this.#at, this.#at + count).join('')
  }
}
