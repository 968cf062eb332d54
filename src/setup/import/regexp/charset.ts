/**
 * Half-open ranges of code points, ascending, apart from one another: `[[0x30, 0x3a]]` is `[0-9]`.
 */
export type Charset = readonly (readonly [from: number, to: number])[]

/** Behind the last code point there is. */
const END = 0x110000

/** Every code point. */
export const anything: Charset = [[0, END]]
/** Those outside ASCII. */
export const nonAscii: Charset = [[0x80, END]]

/** The set of ranges given in any order. */
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

/** The characters of a text. */
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

/** Its code points in order. For sets that are known to be small. */
export function codesOf(set: Charset): readonly number[] {
  return set.flatMap(([from, to]) => Array.from({ length: to - from }, (_, index) => from + index))
}

/** More characters outside ASCII than this are taken for any of them, one byte at a time. */
const MAX_SPELLED = 16

/**
 * Are its characters outside ASCII so few that they are written out, each as the bytes of its
 * UTF-8?
 */
export function isWrittenOut(set: Charset): boolean {
  const count = sizeOf(intersection(set, nonAscii))
  return count > 0 && count <= MAX_SPELLED
}

const upperCase: Charset = [[0x41, 0x5b]]
const lowerCase: Charset = [[0x61, 0x7b]]

/** With the other case of every ASCII letter, and of other letters where few are in the set. */
export function foldCase(set: Charset): Charset {
  const shifted = (from: Charset, by: number): Charset =>
    intersection(set, from).map(([start, end]) => [start + by, end + by])
  const folded = union(set, shifted(upperCase, 0x20), shifted(lowerCase, -0x20))
  const others = intersection(set, nonAscii)
  return sizeOf(others) > 1024 ? folded : union(folded, ...codesOf(others).map(otherCases))
}

function otherCases(code: number): Charset {
  const character = String.fromCodePoint(code)
  const others = [character.toLowerCase(), character.toUpperCase()].filter(
    (other) => [...other].length === 1,
  )
  return charactersOf(others.join(''))
}

/** Has every ASCII letter of it its other case beside it? */
export function ignoresCase(set: Charset): boolean {
  const ascii = intersection(set, union(upperCase, lowerCase))
  return sizeOf(foldCase(ascii)) === sizeOf(ascii)
}

const digit = charset([0x30, 0x3a])
const alpha = union(upperCase, lowerCase)
const word = union(digit, alpha, charactersOf('_'))
/** Of Go, which unlike JavaScript takes neither the vertical tab nor other alphabets' spaces. */
const space = charactersOf('\t\n\f\r ')

/** What `\d`, `\s` and `\w` stand for. */
export const perlClasses: Readonly<Record<string, Charset>> = { d: digit, s: space, w: word }

/** What stands between `[:` and `:]`. */
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

/** A category or script of Unicode by name, `L` or `Greek`; undefined when there is none. */
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
