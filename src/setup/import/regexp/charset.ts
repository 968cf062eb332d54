/**
 * Sets of characters in regular expressions, and the operations on them.
 *
 * A set is a list of half-open ranges of code points, in ascending order with gaps between them:
 * `[[0x30, 0x3a]]` is `[0-9]`.
 */
export type Charset = readonly (readonly [from: number, to: number])[]

/** End of the range of all code points. */
const END = 0x110000

/** All code points. */
export const anything: Charset = [[0, END]]
/** All code points outside ASCII. */
export const nonAscii: Charset = [[0x80, END]]

/** Returns the set of ranges in any order. */
export function charset(...ranges: readonly (readonly [from: number, to: number])[]): Charset {
  const sorted = ranges.filter(([from, to]) => from < to).sort((a, b) => a[0] - b[0])
  const merged: [number, number][] = []
  for (const [from, to] of sorted) {
    const last = merged.at(-1)
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to)
    else merged.push([from, to])
  }
  return merged
}

/** Returns the set of the characters of a text. */
export function charactersOf(text: string): Charset {
  return charset(
    ...Array.from(text, (character): [number, number] => [
      character.codePointAt(0) ?? 0,
      (character.codePointAt(0) ?? 0) + 1,
    ]),
  )
}

export function union(...sets: readonly Charset[]): Charset {
  return charset(...sets.flat())
}

export function complement(set: Charset): Charset {
  const ends = [0, ...set.flat(), END]
  return charset(
    ...Array.from({ length: ends.length / 2 }, (_, index): [number, number] => [
      ends[2 * index] ?? 0,
      ends[2 * index + 1] ?? 0,
    ]),
  )
}

export function intersection(a: Charset, b: Charset): Charset {
  return complement(union(complement(a), complement(b)))
}

export function contains(set: Charset, code: number): boolean {
  return set.some(([from, to]) => from <= code && code < to)
}

export function sizeOf(set: Charset): number {
  return set.reduce((sum, [from, to]) => sum + to - from, 0)
}

/** Returns the code points in ascending order. The set must be small. */
export function codesOf(set: Charset): readonly number[] {
  return set.flatMap(([from, to]) => Array.from({ length: to - from }, (_, index) => from + index))
}

/** Sets with more characters outside ASCII are approximated by any byte outside ASCII. */
const MAX_WRITTEN_OUT = 16

/**
 * True when the set has characters outside ASCII, and so few that an expression lists each of them
 * as the bytes of its UTF-8.
 */
export function isWrittenOut(set: Charset): boolean {
  const count = sizeOf(intersection(set, nonAscii))
  return count > 0 && count <= MAX_WRITTEN_OUT
}

const upperCase: Charset = [[0x41, 0x5b]]
const lowerCase: Charset = [[0x61, 0x7b]]

/**
 * Adds the other case of every ASCII letter, and of other letters when the set has few of them.
 */
export function foldCase(set: Charset): Charset {
  const shifted = (letters: Charset, distance: number): Charset =>
    intersection(set, letters).map(([start, end]) => [start + distance, end + distance])
  const folded = union(set, shifted(upperCase, 0x20), shifted(lowerCase, -0x20))
  const others = intersection(set, nonAscii)
  return sizeOf(others) > 1024 ? folded : union(folded, ...codesOf(others).map(otherCases))
}

function otherCases(code: number): Charset {
  const character = String.fromCodePoint(code)
  const others = [character.toLowerCase(), character.toUpperCase()].filter(
    (letter) => [...letter].length === 1,
  )
  return charactersOf(others.join(''))
}

/** True when the set contains both cases of each of its ASCII letters. */
export function ignoresCase(set: Charset): boolean {
  const ascii = intersection(set, union(upperCase, lowerCase))
  return sizeOf(foldCase(ascii)) === sizeOf(ascii)
}

const digit = charset([0x30, 0x3a])
const alpha = union(upperCase, lowerCase)
const word = union(digit, alpha, charactersOf('_'))
/** White space of Go, which unlike JavaScript excludes the vertical tab and Unicode spaces. */
const space = charactersOf('\t\n\f\r ')

/** The sets of `\d`, `\s` and `\w` in Go. */
export const perlClasses: Readonly<Record<string, Charset>> = { d: digit, s: space, w: word }

/** The sets of the POSIX classes `[:alnum:]` to `[:xdigit:]`, by name. */
export const posixClasses: Readonly<Record<string, Charset>> = {
  alnum: union(digit, alpha),
  alpha,
  ascii: [[0, 0x80]],
  blank: charactersOf('\t '),
  cntrl: [
    [0, 0x20],
    [0x7f, 0x80],
  ],
  digit,
  graph: [[0x21, 0x7f]],
  lower: lowerCase,
  print: [[0x20, 0x7f]],
  punct: [
    [0x21, 0x30],
    [0x3a, 0x41],
    [0x5b, 0x61],
    [0x7b, 0x7f],
  ],
  space: union(space, charactersOf('\v')),
  upper: upperCase,
  word,
  xdigit: [
    [0x30, 0x3a],
    [0x41, 0x47],
    [0x61, 0x67],
  ],
}

/** Returns the set of a Unicode category or script by its name, such as `L` or `Greek`. */
export function unicodeClass(name: string): Charset | undefined {
  if (!/^[A-Za-z_]{1,40}$/.test(name)) return undefined
  for (const source of [`\\p{${name}}`, `\\p{Script=${name}}`]) {
    try {
      return rangesOf(new RegExp(source, 'u'))
    } catch {
      continue
    }
  }
  return name === 'Any' ? anything : undefined
}

function rangesOf(pattern: RegExp): Charset {
  const ranges: [number, number][] = []
  for (let code = 0; code < END; code += 1) {
    if (!pattern.test(String.fromCodePoint(code))) continue
    const last = ranges.at(-1)
    if (last?.[1] === code) last[1] = code + 1
    else ranges.push([code, code + 1])
  }
  return ranges
}
