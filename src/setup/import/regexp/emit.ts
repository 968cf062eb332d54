/** Writes a parsed expression as a regular expression of JavaScript. */
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

/** A regular expression of JavaScript for text with one character per byte (latin1). */
export interface EmittedExpression {
  readonly text: string
  readonly ignoreCase: boolean
  /** True when a large set of characters outside ASCII was widened or left out. */
  readonly approximate: boolean
}

export interface EmitOptions {
  /** Number of the group that becomes `(?<secret>…)`. */
  readonly secretGroup?: number
  /** The approximation of a large set of characters outside ASCII: any of them, or none. */
  readonly approximate: 'more' | 'less'
  /**
   * The text to match: a window of a file, in which `^` and `$` can only mean line boundaries, or a
   * whole value or path.
   */
  readonly subject: 'window' | 'value'
}

const ascii = charset([0, 0x80])
const upperCase = charset([0x41, 0x5b])
const everyByte = charset([0, 0x100])
const word = perlClasses['w'] ?? []

/** Writes an expression. For a window all its repetitions must have bounds already. */
export function emit(node: Node, options: EmitOptions): EmittedExpression {
  const sets = [...nodesOf(node)].flatMap((child) => (child.kind === 'set' ? [child.set] : []))
  // Patterns of allow entries have no flags, so their sets list both cases.
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

  /** Writes a node so that a quantifier can follow: in parentheses unless it is one unit. */
  #atom(node: Node): string {
    const text = this.write(node)
    const isUnit =
      (node.kind === 'set' && !text.startsWith('(?:')) ||
      (node.kind === 'group' &&
        text.startsWith('(?<secret>') &&
        node.index === this.#options.secretGroup)
    return isUnit || (node.kind === 'set' && text.startsWith('(?:')) ? text : `(?:${text})`
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
    const asciiPart = intersection(set, ascii)
    const otherPart = intersection(set, nonAscii)
    if (sizeOf(otherPart) === 0) return this.#bytes(asciiPart)
    const withAnyOther = charset(...asciiPart, [0x80, 0x100])
    if (sizeOf(otherPart) === sizeOf(nonAscii)) return this.#bytes(withAnyOther)
    if (isWrittenOut(set)) {
      const alternatives = [
        ...(asciiPart.length === 0 ? [] : [this.#bytes(asciiPart)]),
        ...codesOf(otherPart).map(utf8Bytes),
      ]
      return `(?:${alternatives.join('|')})`
    }
    this.approximate = true
    return this.#bytes(this.#options.approximate === 'more' ? withAnyOther : asciiPart)
  }

  /** Writes a set of bytes in its shortest form: a character, `[^]`, or a possibly negated set. */
  #bytes(set: Charset): string {
    const shown = this.#ignoreCase ? intersection(set, complement(upperCase)) : set
    if (shown.length === 0) return '(?!)'
    if (sizeOf(shown) === 1) return shown.flatMap(([code]) => escaped(code, false)).join('')
    if (sizeOf(set) === 0x100) return '[^]'
    const excluded = intersection(complement(set), everyByte)
    return sizeOf(set) > 0x80 && excluded.length <= 4
      ? `[^${members(excluded, this.#ignoreCase)}]`
      : bracketed(members(shown, this.#ignoreCase))
  }
}

/** Returns a character outside ASCII as the escaped bytes of its UTF-8. */
function utf8Bytes(code: number): string {
  return [...Buffer.from(String.fromCodePoint(code))].map((byte) => escaped(byte, false)).join('')
}

/** Puts set members in brackets, unless they are a single `\w` or `\d`. */
function bracketed(content: string): string {
  return /^\\[dw]$/.test(content) ? content : `[${content}]`
}

/** Writes the members of a set as they stand between brackets: `\w.-`. */
function members(set: Charset, ignoreCase: boolean): string {
  const shown = ignoreCase ? intersection(set, complement(upperCase)) : set
  const [shorthand, rest] = withoutShorthand(set, shown)
  const ranges = rest.map(([from, to]) =>
    to - from < 3
      ? codesOf([[from, to]])
          .map((code) => escaped(code, true))
          .join('')
      : `${escaped(from, true)}-${escaped(to - 1, true)}`,
  )
  return `${shorthand}${ranges.join('')}`
}

/** Returns `\w` or `\d` when the set contains all of its characters, and the other characters. */
function withoutShorthand(set: Charset, shown: Charset): readonly [string, Charset] {
  if (sizeOf(intersection(set, word)) === sizeOf(word))
    return ['\\w', intersection(shown, complement(word))]
  if (set.some(([from, to]) => from === 0x30 && to === 0x3a))
    return ['\\d', intersection(shown, complement([[0x30, 0x3a]]))]
  return ['', shown]
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
