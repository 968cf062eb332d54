/** Parses escapes and sets in brackets of an expression. */
import {
  anything,
  type Charset,
  charactersOf,
  charset,
  complement,
  foldCase,
  perlClasses,
  posixClasses,
  unicodeClass,
  union,
} from './charset.ts'
import type { Scanner } from './scanner.ts'
import { Untranslatable } from './syntax.ts'

/**
 * Syntax of an expression. `go` is RE2, as gitleaks and trufflehog use it. `posix` is the extended
 * syntax of grep, as git-secrets uses it, in which a backslash in brackets is a literal character.
 */
export type Dialect = 'go' | 'posix'

const controls: Readonly<Record<string, string>> = {
  a: '\x07',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

/** Parses an escape that stands for characters; its backslash is already read. */
export function parseEscape(scanner: Scanner, dialect: Dialect): Charset {
  const kind = scanner.next()
  if (kind === '') throw new Untranslatable('it ends with a backslash')
  if (/[dswDSW]/.test(kind)) return perlClass(kind, dialect)
  if (!/[A-Za-z0-9]/.test(kind)) return charactersOf(kind)
  if (dialect === 'posix') throw new Untranslatable(`\\${kind} means something else to each grep`)
  if (kind === 'p' || kind === 'P') return unicode(scanner, kind === 'P')
  if (kind === 'x') return hexadecimal(scanner)
  if (/[0-7]/.test(kind)) {
    const digits = kind + (scanner.match(/^[0-7]{1,2}/)?.[0] ?? '')
    // Go reads `\12` and `\01` as octal numbers, and refuses `\1` as a back reference.
    if (digits.length > 1 || kind === '0') return singleton(Number.parseInt(digits, 8))
    throw new Untranslatable(`\\${kind} refers back to a group, which Go does not support`)
  }
  const control = controls[kind]
  if (control === undefined) throw new Untranslatable(`\\${kind} is not known in Go`)
  return charactersOf(control)
}

/** Parses a set in brackets; its `[` is already read. */
export function parseSet(
  scanner: Scanner,
  { dialect, ignoreCase }: { readonly dialect: Dialect; readonly ignoreCase: boolean },
): Charset {
  const isNegated = scanner.take('^')
  const sets: Charset[] = []
  // A closing bracket at the first position is a member: []a] matches ] or a.
  for (let first = true; first || scanner.peek() !== ']'; first = false) {
    if (scanner.done) throw new Untranslatable('a [ is not closed')
    sets.push(parseItem(scanner, dialect))
  }
  scanner.next()
  const all = ignoreCase ? foldCase(union(...sets)) : union(...sets)
  return isNegated ? complement(all) : all
}

function parseItem(scanner: Scanner, dialect: Dialect): Charset {
  const posix = scanner.match(/^\[:(\^?)(\w+):\]/)
  if (posix !== undefined) {
    const set = posixClasses[posix[2] ?? '']
    if (set === undefined) throw new Untranslatable(`${posix[0]} is no class`)
    return posix[1] === '^' ? complement(set) : set
  }
  const first = parseMember(scanner, dialect)
  const range = scanner.match(/^-(?=[^\]])/)
  if (range === undefined) return first
  const [from, to] = [onlyCode(first), onlyCode(parseMember(scanner, dialect))]
  if (from === undefined || to === undefined || from > to)
    throw new Untranslatable('a range in brackets ends before it begins')
  return charset([from, to + 1])
}

function parseMember(scanner: Scanner, dialect: Dialect): Charset {
  if (dialect === 'go' && scanner.take('\\')) return parseEscape(scanner, dialect)
  if (dialect === 'posix' && scanner.peek() === '\\') {
    scanner.next()
    // The author of [\w.] means a word character; POSIX reads a backslash and a w.
    if (/[A-Za-z]/.test(scanner.peek()))
      throw new Untranslatable(
        'a backslash in brackets is a literal character in POSIX, and a class elsewhere',
      )
    return charactersOf('\\')
  }
  return charactersOf(scanner.next())
}

function perlClass(kind: string, dialect: Dialect): Charset {
  if (dialect === 'posix' && /[dD]/.test(kind))
    throw new Untranslatable(`\\${kind} is a digit to some greps, and the letter to others`)
  const set = perlClasses[kind.toLowerCase()] ?? anything
  return /[DSW]/.test(kind) ? complement(set) : set
}

/** Parses the rest of `\pL`, `\p{Greek}` or `\p{^Greek}`; `isNegated` for `\P`. */
function unicode(scanner: Scanner, isNegated: boolean): Charset {
  const match = scanner.match(/^(?:\{(\^?)(\w+)\}|([A-Z]))/)
  const set = unicodeClass(match?.[2] ?? match?.[3] ?? '')
  if (set === undefined) throw new Untranslatable('\\p names no class of Unicode')
  return isNegated === (match?.[1] === '^') ? set : complement(set)
}

/** Parses the rest of `\x7F` or `\x{10FFFF}`. */
function hexadecimal(scanner: Scanner): Charset {
  const match = scanner.match(/^(?:\{([0-9A-Fa-f]{1,8})\}|([0-9A-Fa-f]{2}))/)
  const code = Number.parseInt(match?.[1] ?? match?.[2] ?? '', 16)
  if (!(code <= 0x10ffff)) throw new Untranslatable('\\x is not followed by a character’s number')
  return singleton(code)
}

function singleton(code: number): Charset {
  return charset([code, code + 1])
}

/** Returns the only character of a set; undefined for any other set. */
function onlyCode(set: Charset): number | undefined {
  const [range, second] = set
  return range !== undefined && second === undefined && range[1] === range[0] + 1
    ? range[0]
    : undefined
}
