/** Decodes the input of a terminal to keys. */

/** One key or one paste. The content of a paste is never read as keys. */
export type Key =
  | { readonly name: 'text'; readonly text: string }
  | { readonly name: 'ctrl'; readonly text: string }
  | { readonly name: 'paste'; readonly text: string }
  | { readonly name: NamedKey }

const namedKeys = [
  'up',
  'down',
  'left',
  'right',
  'home',
  'end',
  'pageup',
  'pagedown',
  'enter',
  'tab',
  'backtab',
  'backspace',
  'delete',
  'escape',
] as const

type NamedKey = (typeof namedKeys)[number]

/** Keys by the last character of a sequence: `CSI A` or `SS3 A` is up. */
const FINAL_CHARACTERS: Readonly<Record<string, NamedKey>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  Z: 'backtab',
}

/** Keys by the number of a sequence that ends with `~`: `CSI 5 ~` is page up. */
const SEQUENCE_NUMBERS: Readonly<Record<string, NamedKey>> = {
  '1': 'home',
  '3': 'delete',
  '4': 'end',
  '5': 'pageup',
  '6': 'pagedown',
  '7': 'home',
  '8': 'end',
}

/** Keys sent as one control character. */
const SINGLE_CHARACTERS: Readonly<Record<string, NamedKey>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u007F': 'backspace',
  '\b': 'backspace',
}

const PASTE_START = '\u001B[200~'
const PASTE_END = '\u001B[201~'

/** Characters kept of a paste, more than any text field takes. */
const MAX_PASTE_LENGTH = 10_000

/** Decodes terminal input, which may be split anywhere, to keys. */
export class KeyDecoder {
  #rest = ''
  #pasted: string | undefined

  /** Adds input and returns the keys that are complete. */
  push(input: string): readonly Key[] {
    this.#rest += input
    const keys: Key[] = []
    for (let key = this.#next(); key !== undefined; key = this.#next())
      if (key !== 'none') keys.push(key)
    return keys
  }

  /** True when the rest may be the start of a sequence, or else the Escape key. */
  get isWaiting(): boolean {
    return this.#rest.startsWith('\u001B') && this.#pasted === undefined
  }

  /** Returns the rest as keys, when no more input followed. */
  flush(): readonly Key[] {
    if (!this.isWaiting) return []
    const after = this.#rest.slice(1)
    this.#rest = ''
    // An unfinished sequence is not text.
    return [{ name: 'escape' }, ...(/^[[O]/.test(after) ? [] : this.push(after))]
  }

  #next(): Key | 'none' | undefined {
    if (this.#pasted !== undefined) return this.#paste(this.#pasted)
    if (this.#rest === '') return undefined
    if (this.#rest.startsWith(PASTE_START)) {
      this.#rest = this.#rest.slice(PASTE_START.length)
      this.#pasted = ''
      return 'none'
    }
    return this.#rest.startsWith('\u001B') ? this.#sequence() : this.#character()
  }

  #paste(before: string): Key | undefined {
    const end = this.#rest.indexOf(PASTE_END)
    // The end marker itself may be split.
    const take = end < 0 ? Math.max(0, this.#rest.length - PASTE_END.length) : end
    this.#pasted = (before + this.#rest.slice(0, take)).slice(0, MAX_PASTE_LENGTH)
    this.#rest = this.#rest.slice(end < 0 ? take : end + PASTE_END.length)
    if (end < 0) return undefined
    const text = this.#pasted
    this.#pasted = undefined
    return { name: 'paste', text }
  }

  #sequence(): Key | 'none' | undefined {
    const [whole] =
      /^\u001B(?:\[[\d;?<=>]*[ -/]*[@-~]|O[A-Za-z]|[^[O\u001B])/.exec(this.#rest) ?? []
    if (whole === undefined) {
      if (!this.#rest.startsWith('\u001B\u001B')) return undefined
      this.#rest = this.#rest.slice(1)
      return { name: 'escape' }
    }
    this.#rest = this.#rest.slice(whole.length)
    const number = /^\u001B\[(\d+)/.exec(whole)?.[1] ?? ''
    const name = whole.endsWith('~') ? SEQUENCE_NUMBERS[number] : FINAL_CHARACTERS[whole.slice(-1)]
    const isPlain = /^\u001B[[O]/.test(whole)
    return isPlain && name !== undefined ? { name } : 'none'
  }

  #character(): Key | 'none' | undefined {
    const [character = ''] = this.#rest
    // The second half of a surrogate pair has not arrived yet.
    if (/^[\uD800-\uDBFF]$/.test(character)) return undefined
    this.#rest = this.#rest.slice(character.length)
    const name = SINGLE_CHARACTERS[character]
    if (name !== undefined) return { name }
    const code = character.codePointAt(0) ?? 0
    if (code === 0) return 'none'
    return code < 0x20
      ? { name: 'ctrl', text: String.fromCharCode(code + 0x60) }
      : { name: 'text', text: character }
  }
}
