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
import { Untranslatable } from './untranslatable.ts'

/**
 * `go`: of gitleaks and trufflehog (RE2). `posix`: extended, of git-secrets, where a backslash in
 * brackets is one.
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

/** Reads what follows a backslash when it stands for characters. */
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
    // Go takes `\1` for a reference, which it does not know, and `\12` and `\01` for an octal
    // number.
    if (digits.length > 1 || kind === '0') return one(Number.parseInt(digits, 8))
    throw new Untranslatable(`\\${kind} refers back to a group, which no linear engine knows`)
  }
  const control = controls[kind]
  if (control === undefined) throw new Untranslatable(`\\${kind} is not known in Go`)
  return charactersOf(control)
}

/** Reads a class in brackets, its `[` taken. */
export function parseSet(
  scanner: Scanner,
  { dialect, ignoreCase }: { readonly dialect: Dialect; readonly ignoreCase: boolean },
): Charset {
  const negated = scanner.take('^')
  const sets: Charset[] = []
  // A bracket that comes first stands for itself: []a] is ] or a.
  for (let first = true; first || scanner.peek() !== ']'; first = false) {
    if (scanner.done) throw new Untranslatable('a [ is not closed')
    sets.push(parseItem(scanner, dialect))
  }
  scanner.next()
  const all = ignoreCase ? foldCase(union(...sets)) : union(...sets)
  return negated ? complement(all) : all
}

function parseItem(scanner: Scanner, dialect: Dialect): Charset {
  const posix = scanner.match(/^\[:(\^?)(\w+):\]/)
  if (posix !== undefined) {
    const set = posixClasses[posix[2] ?? '']
    if (set === undefined) throw new Untranslatable(`${posix[0]} is no class`)
    return posix[1] === '^' ? complement(set) : set
  }
  const low = parseMember(scanner, dialect)
  const range = scanner.match(/^-(?=[^\]])/)
  if (range === undefined) return low
  const [from, to] = [single(low), single(parseMember(scanner, dialect))]
  if (from === undefined || to === undefined || from > to)
    throw new Untranslatable('a range in brackets ends before it begins')
  return charset([from, to + 1])
}

function parseMember(scanner: Scanner, dialect: Dialect): Charset {
  if (dialect === 'go' && scanner.take('\\')) return parseEscape(scanner, dialect)
  if (dialect === 'posix' && scanner.peek() === '\\') {
    scanner.next()
    // What is meant in [\w.] is a word; what POSIX reads is a backslash and a w.
    if (/[A-Za-z]/.test(scanner.peek()))
      throw new Untranslatable(
        'a backslash in brackets stands for itself in POSIX, and for a class elsewhere',
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

/** `\pL`, `\p{Greek}`, `\p{^Greek}`. */
function unicode(scanner: Scanner, negated: boolean): Charset {
  const found = scanner.match(/^(?:\{(\^?)(\w+)\}|([A-Z]))/)
  const set = unicodeClass(found?.[2] ?? found?.[3] ?? '')
  if (set === undefined) throw new Untranslatable('\\p names no class of Unicode')
  return negated === (found?.[1] === '^') ? set : complement(set)
}

/** `\x7F`, `\x{10FFFF}`. */
function hexadecimal(scanner: Scanner): Charset {
  const found = scanner.match(/^(?:\{([0-9A-Fa-f]{1,8})\}|([0-9A-Fa-f]{2}))/)
  const code = Number.parseInt(found?.[1] ?? found?.[2] ?? '', 16)
  if (!(code <= 0x10ffff)) throw new Untranslatable('\\x is not followed by a character’s number')
  return one(code)
}

function one(code: number): Charset {
  return charset([code, code + 1])
}

function single(set: Charset): number | undefined {
  const [range, more] = set
  return range !== undefined && more === undefined && range[1] === range[0] + 1
    ? range[0]
    : undefined
}
