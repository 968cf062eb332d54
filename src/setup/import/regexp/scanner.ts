/** A text and how far it was read, by code point. */
export class Scanner {
  readonly #characters: readonly string[]
  #at = 0

  constructor(text: string) {
    this.#characters = [...text]
  }

  get done(): boolean {
    return this.#at >= this.#characters.length
  }

  /** How many characters were read. */
  get at(): number {
    return this.#at
  }

  /** The next character, `''` at the end. */
  peek(): string {
    return this.#characters[this.#at] ?? ''
  }

  /** Takes the next character, `''` at the end. */
  next(): string {
    const character = this.peek()
    this.#at += 1
    return character
  }

  /** Takes `text` if it comes next. */
  take(text: string): boolean {
    if (!this.#rest(text.length).startsWith(text)) return false
    this.#at += text.length
    return true
  }

  /** Takes what an expression that starts with `^` matches within the next `reach` characters. */
  match(pattern: RegExp, reach = 64): RegExpExecArray | undefined {
    const found = pattern.exec(this.#rest(reach)) ?? undefined
    if (found !== undefined) this.#at += [...found[0]].length
    return found
  }

  #rest(count: number): string {
    return this.#characters.slice(this.#at, this.#at + count).join('')
  }
}
