/** Parses regular expressions of Go and POSIX into a syntax tree. */
import { MAX_PATTERN_LENGTH } from '../../../config/own-rules.ts'
import { anything, charactersOf, complement, foldCase, intersection } from './charset.ts'
import { type Dialect, parseEscape, parseSet } from './parse-set.ts'
import { Scanner } from './scanner.ts'
import { choice, empty, mapNodes, type Node, sequence, Untranslatable } from './syntax.ts'

/** The flags of `(?imsU)`; Go's `U` swaps the meaning of `*` and `*?`. */
interface Flags {
  readonly i: boolean
  readonly m: boolean
  readonly s: boolean
  readonly U: boolean
}

const noFlags: Flags = { i: false, m: false, s: false, U: false }

/** The greatest count that Go accepts. */
const MAX_COUNT = 1000

/** Limit on nested groups, far above any real rule. */
const MAX_DEPTH = 100

const noLineFeed = complement(charactersOf('\n'))

/**
 * Parses an expression. Throws `Untranslatable` for constructs that Oakum cannot express, and for
 * expressions so long that no rule could have them: translating those takes minutes.
 */
export function parse(text: string, dialect: Dialect): Node {
  if (text.length > MAX_PATTERN_LENGTH)
    throw new Untranslatable(`it is longer than ${MAX_PATTERN_LENGTH} characters`)
  const node = new Parser(text, dialect).parse()
  // grep matches one line at a time, so no set contains the line feed.
  return dialect === 'posix'
    ? mapNodes(node, (child) =>
        child.kind === 'set' ? { kind: 'set', set: intersection(child.set, noLineFeed) } : child,
      )
    : node
}

class Parser {
  readonly #scanner: Scanner
  readonly #dialect: Dialect
  #groupCount = 0
  #depth = 0

  constructor(text: string, dialect: Dialect) {
    this.#scanner = new Scanner(text)
    this.#dialect = dialect
  }

  parse(): Node {
    const node = this.#choice(noFlags)
    if (!this.#scanner.done) throw new Untranslatable('a ) has no (')
    return node
  }

  #choice(flags: Flags): Node {
    if ((this.#depth += 1) > MAX_DEPTH) throw new Untranslatable('its groups are too deep')
    const items: Node[] = []
    let current = flags
    do {
      const [item, after] = this.#sequence(current)
      items.push(item)
      // (?i) holds to the end of its group, across |.
      current = after
    } while (this.#scanner.take('|'))
    this.#depth -= 1
    return choice(items)
  }

  #sequence(flags: Flags): readonly [Node, Flags] {
    const items: Node[] = []
    let current = flags
    while (!this.#scanner.done && !/[|)]/.test(this.#scanner.peek())) {
      const change =
        this.#dialect === 'go' ? this.#scanner.match(/^\(\?([imsU]*)(?:-([imsU]+))?\)/) : undefined
      if (change !== undefined) current = withChange(current, change)
      else if (this.#dialect === 'go' && this.#scanner.take('\\Q'))
        items.push(...this.#quoted(current))
      else items.push(this.#repeats(this.#atom(current), current))
    }
    return [sequence(items), current]
  }

  /**
   * Parses the rest of `\Q…\E`, in which every character is literal. A quantifier after it repeats
   * the last character.
   */
  #quoted(flags: Flags): readonly Node[] {
    const items: Node[] = []
    while (!this.#scanner.done && !this.#scanner.take('\\E'))
      items.push(this.#literal(this.#scanner.next(), flags))
    const last = items.pop()
    return last === undefined ? [] : [...items, this.#repeats(last, flags)]
  }

  #atom(flags: Flags): Node {
    const scanner = this.#scanner
    if (scanner.take('\\')) return this.#escape(flags)
    if (scanner.take('(')) return this.#group(flags)
    if (scanner.take('['))
      return {
        kind: 'set',
        set: parseSet(scanner, { dialect: this.#dialect, ignoreCase: flags.i }),
      }
    const character = scanner.next()
    switch (character) {
      case '.':
        return { kind: 'set', set: flags.s ? anything : noLineFeed }
      case '^':
        return {
          kind: 'assertion',
          at: flags.m || this.#dialect === 'posix' ? 'line-start' : 'text-start',
        }
      case '$':
        return {
          kind: 'assertion',
          at: flags.m || this.#dialect === 'posix' ? 'line-end' : 'text-end',
        }
      case '*':
      case '+':
      case '?':
        throw new Untranslatable(`a ${character} has nothing to repeat`)
      default:
        return this.#literal(character, flags)
    }
  }

  #literal(character: string, flags: Flags): Node {
    const set = charactersOf(character)
    return { kind: 'set', set: flags.i ? foldCase(set) : set }
  }

  #escape(flags: Flags): Node {
    const scanner = this.#scanner
    if (scanner.take('b')) return { kind: 'assertion', at: 'word-boundary' }
    if (scanner.take('B')) return { kind: 'assertion', at: 'no-word-boundary' }
    if (this.#dialect === 'go' && scanner.take('A')) return { kind: 'assertion', at: 'text-start' }
    if (this.#dialect === 'go' && scanner.take('z')) return { kind: 'assertion', at: 'text-end' }
    if (scanner.take('C')) throw new Untranslatable('\\C, a single byte, is not known in Go')
    const set = parseEscape(scanner, this.#dialect)
    return { kind: 'set', set: flags.i ? foldCase(set) : set }
  }

  #group(flags: Flags): Node {
    if (this.#dialect === 'posix') return this.#capture(flags)
    const scanner = this.#scanner
    const look = scanner.match(/^\?(?:=|!|<=|<!|>)/)
    if (look !== undefined)
      throw new Untranslatable(`(${look[0]} looks around, which Go does not support`)
    const named = scanner.match(/^\?P?<([A-Za-z_]\w{0,60})>/)
    if (named !== undefined) return this.#capture(flags, named[1])
    const change = scanner.match(/^\?([imsU]*)(?:-([imsU]+))?:/)
    if (change === undefined) {
      if (scanner.peek() === '?')
        throw new Untranslatable('(? is followed by what Go does not know')
      return this.#capture(flags)
    }
    const item = this.#choice(withChange(flags, change))
    this.#close()
    return item
  }

  #capture(flags: Flags, name?: string): Node {
    const index = (this.#groupCount += 1)
    const item = this.#choice(flags)
    this.#close()
    return { kind: 'group', item, index, ...(name === undefined ? {} : { name }) }
  }

  #close(): void {
    if (!this.#scanner.take(')')) throw new Untranslatable('a ( is not closed')
  }

  #repeats(item: Node, flags: Flags): Node {
    const count = this.#scanner.match(/^(?:([*+?])|\{(\d{1,6})(?:(,)(\d{1,6})?)?\})/)
    if (count === undefined) return item
    const [min, max] = boundsOf(count)
    const lazy = this.#dialect === 'go' && this.#scanner.take('?')
    if (this.#scanner.match(/^(?:[*+?]|\{\d+(?:,\d*)?\})/) !== undefined)
      throw new Untranslatable('what is repeated twice in a row is not known in Go')
    return min === 1 && max === 1
      ? item
      : max === 0
        ? empty
        : { kind: 'repeat', item, min, max, lazy: lazy !== flags.U }
  }
}

/** Returns the bounds of a quantifier: `*`, `+`, `?`, `{2}`, `{2,}` or `{2,3}`. */
function boundsOf([, sign, minText, comma, maxText]: RegExpExecArray): readonly [
  min: number,
  max: number,
] {
  if (sign !== undefined) return [sign === '+' ? 1 : 0, sign === '?' ? 1 : Infinity]
  const min = Number(minText)
  const maxOrInfinity = comma === undefined ? min : Infinity
  const max = maxText === undefined ? maxOrInfinity : Number(maxText)
  if (min > MAX_COUNT || (max > MAX_COUNT && max !== Infinity) || max < min)
    throw new Untranslatable(
      `a count of ${min} to ${max} is not taken by Go, whose greatest is ${MAX_COUNT}`,
    )
  return [min, max]
}

/** Applies the change of `(?i-s)`: `on` and `off` are the letters before and after the hyphen. */
function withChange(flags: Flags, [, on = '', off = '']: RegExpExecArray): Flags {
  const set = (name: keyof Flags): boolean =>
    (on.includes(name) || flags[name]) && !off.includes(name)
  return { i: set('i'), m: set('m'), s: set('s'), U: set('U') }
}
