import {
  type Charset,
  charset,
  codesOf,
  complement,
  nonAscii,
  ignoresCase,
  intersection,
  isWrittenOut,
  perlClasses,
  sizeOf,
} from './charset.ts'
import { type Assertion, type Node, nodesOf } from './syntax.ts'

/** An expression of JavaScript for text with one character a byte. */
export interface Emitted {
  readonly text: string
  readonly ignoreCase: boolean
  /**
   * Sets of characters outside ASCII that could only be written as any byte outside ASCII, or left
   * out.
   */
  readonly approximate: boolean
}

export interface EmitOptions {
  /** The group whose number this is becomes `(?<secret>…)`. */
  readonly secretGroup?: number
  /**
   * What to do with a large set of characters outside ASCII: match more (any of them), or less
   * (none).
   */
  readonly approximate: 'more' | 'less'
  /**
   * Is the text the inside of a file, of which `^` and `$` may only mean lines, or a whole value or
   * path?
   */
  readonly subject: 'window' | 'value'
}

const ascii = charset([0, 0x80])
const upperCase = charset([0x41, 0x5b])
const everyByte = charset([0, 0x100])
const word = perlClasses['w'] ?? []

/** Writes an expression; one for a window has bounds to its repetitions by now. */
export function emit(node: Node, options: EmitOptions): Emitted {
  const sets = [...nodesOf(node)].flatMap((each) => (each.kind === 'set' ? [each.set] : []))
  // Allowances have no flags, so theirs spell both cases out.
  const ignoreCase =
    options.subject === 'window' &&
    sets.some((set) => sizeOf(intersection(set, upperCase)) > 0) &&
    sets.every((set) => ignoresCase(set) && !isWrittenOut(set))
  const emitter = new Emitter(options, ignoreCase)
  return { text: emitter.write(node), ignoreCase, approximate: emitter.approximate }
}

class Emitter {
  readonly #options: EmitOptions
  readonly #ignoreCase: boolean
  approximate = false

  constructor(options: EmitOptions, ignoreCase: boolean) {
    this.#options = options
    this.#ignoreCase = ignoreCase
  }

  write(node: Node): string {
    switch (node.kind) {
      case 'set':
        return this.#set(node.set)
      case 'assertion':
        return this.#assertion(node.at)
      case 'sequence':
        return node.items
          .map((item) => (item.kind === 'choice' ? `(?:${this.write(item)})` : this.write(item)))
          .join('')
      case 'choice':
        return node.items.map((item) => this.write(item)).join('|')
      case 'repeat':
        return node.max === 0 ? '' : `${this.#atom(node.item)}${quantifier(node)}`
      case 'group':
        if (node.index === this.#options.secretGroup) return `(?<secret>${this.write(node.item)})`
        return node.item.kind === 'choice' ? `(?:${this.write(node.item)})` : this.write(node.item)
      default:
        return node satisfies never
    }
  }

  /** As one thing that a quantifier can follow. */
  #atom(node: Node): string {
    const text = this.write(node)
    const isOne =
      (node.kind === 'set' && !text.startsWith('(?:')) ||
      (node.kind === 'group' &&
        text.startsWith('(?<secret>') &&
        node.index === this.#options.secretGroup)
    return isOne || (node.kind === 'set' && text.startsWith('(?:')) ? text : `(?:${text})`
  }

  #assertion(at: Assertion): string {
    const isValue = this.#options.subject === 'value'
    switch (at) {
      case 'text-start':
        return isValue ? '^' : '(?<![^\\n])'
      case 'text-end':
        return isValue ? '$' : '(?![^\\n])'
      case 'line-start':
        return '(?<![^\\n])'
      case 'line-end':
        return '(?![^\\n])'
      case 'word-boundary':
        return '\\b'
      case 'no-word-boundary':
        return '\\B'
      case 'no-word-before':
        return '(?<!\\w)'
      case 'no-word-after':
        return '(?!\\w)'
      default:
        return at satisfies never
    }
  }

  #set(set: Charset): string {
    const few = intersection(set, ascii)
    const many = intersection(set, nonAscii)
    if (sizeOf(many) === 0) return this.#bytes(few)
    if (sizeOf(many) === sizeOf(nonAscii)) return this.#bytes(charset(...few, [0x80, 0x100]))
    if (isWrittenOut(set))
      return `(?:${[...(few.length === 0 ? [] : [this.#bytes(few)]), ...codesOf(many).map(spelled)].join('|')})`
    this.approximate = true
    return this.#bytes(this.#options.approximate === 'more' ? charset(...few, [0x80, 0x100]) : few)
  }

  #bytes(set: Charset): string {
    const shown = this.#ignoreCase ? intersection(set, complement(upperCase)) : set
    if (shown.length === 0) return '(?!)'
    if (sizeOf(shown) === 1) return shown.flatMap(([code]) => escaped(code, false)).join('')
    if (sizeOf(set) === 0x100) return '[^]'
    const others = intersection(complement(set), everyByte)
    return sizeOf(set) > 0x80 && others.length <= 4
      ? `[^${members(others, this.#ignoreCase)}]`
      : bare(members(shown, this.#ignoreCase))
  }
}

/** A character outside ASCII as the bytes of its UTF-8. */
function spelled(code: number): string {
  return [...Buffer.from(String.fromCodePoint(code))].map((byte) => escaped(byte, false)).join('')
}

/** `[\w]` is `\w`. */
function bare(inside: string): string {
  return /^\\[dw]$/.test(inside) ? inside : `[${inside}]`
}

/** What stands between brackets: `\w.-`. */
function members(set: Charset, ignoreCase: boolean): string {
  const shown = ignoreCase ? intersection(set, complement(upperCase)) : set
  const isWord = sizeOf(intersection(set, word)) === sizeOf(word)
  const isDigits = !isWord && set.some(([from, to]) => from === 0x30 && to === 0x3a)
  const rest = isWord
    ? intersection(shown, complement(word))
    : isDigits
      ? intersection(shown, complement([[0x30, 0x3a]]))
      : shown
  const ranges = rest.map(([from, to]) =>
    to - from < 3
      ? codesOf([[from, to]])
          .map((code) => escaped(code, true))
          .join('')
      : `${escaped(from, true)}-${escaped(to - 1, true)}`,
  )
  return `${isWord ? '\\w' : isDigits ? '\\d' : ''}${ranges.join('')}`
}

const controls: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 12: '\\f', 13: '\\r' }

function escaped(code: number, inSet: boolean): string {
  if (code < 0x20 || code > 0x7e)
    return controls[code] ?? `\\x${code.toString(16).padStart(2, '0')}`
  const character = String.fromCharCode(code)
  return (inSet ? /[\\\]^-]/ : /[\\^$.*+?()[\]{}|]/).test(character) ? `\\${character}` : character
}

function quantifier({
  min,
  max,
  lazy,
}: {
  readonly min: number
  readonly max: number
  readonly lazy: boolean
}): string {
  if (min === 1 && max === 1) return ''
  const upTo =
    max === Infinity ? (min === 0 ? '*' : min === 1 ? '+' : `{${min},}`) : `{${min},${max}}`
  const count = min === 0 && max === 1 ? '?' : min === max ? `{${min}}` : upTo
  return `${count}${lazy && min !== max ? '?' : ''}`
}
