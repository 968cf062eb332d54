/**
 * Finds stretches of a text that look drawn at random, as keys, tokens and generated passwords do.
 * Names and lines of a repository are shown without them, whether or not a rule knows the secret.
 *
 * Each character costs bits in two models: in text, where a letter depends on the letter before it
 * and a change between letters, cases and digits is rare, and in a string drawn from an alphabet,
 * where all characters cost the same. A stretch is random when text would cost many bits more. The
 * gibberish filter of detect-secrets compares letter pairs in the same way.
 */

/** `name`: ids of objects, UUIDs and fingerprints stay. `content`: a line of a file; none stay. */
export type TextKind = 'name' | 'content'

export interface TextRange {
  readonly start: number
  /** Exclusive. */
  readonly end: number
}

/** Minimum length of a stretch. Shorter ones cannot be told from abbreviations. */
const MIN_LENGTH = 16

/**
 * Bits by which a stretch must be cheaper as random characters than as text. Names in programs have
 * few digits, and random strings of this length nearly always have some.
 */
const MIN_BITS = 6
const MIN_BITS_WITH_DIGITS = 2

/** Minimum number of different characters in a stretch. */
const MIN_CHARACTERS = 7

/** Bits that a stretch may lose before a new one begins: a word in the middle ends it. */
const MAX_LOSS_BITS = 14

/**
 * Bits of each letter (column) after each letter (row) in words of English and of programs, counted
 * in the words of this repository, each once for every doubling of its frequency.
 */
const pairBits: readonly string[] = [
  '64349759596353959343676868',
  '36583788467277379457399857',
  '38573893594478289463598979',
  '46751769388678478537589969',
  '47436569799553857334967579',
  '37763369287489398555599969',
  '59782754398464569446489986',
  '37892999389879279455588979',
  '56445549998452359543959797',
  '46662676644777365537365777',
  '68861677398585687725488879',
  '37852789397388379845579959',
  '25972899387646439858599978',
  '48433639596685469733669979',
  '66558669695442549344454799',
  '39973976498379348344598869',
  '66677776577476656577175777',
  '38652869396656379544578959',
  '59482894396678457742486969',
  '39572894399688479435697959',
  '54554669599442649333989899',
  '37681878389979599768786888',
  '39963983398684379437997699',
  '46463587397668629973989456',
  '45584868588544438733684785',
  '37652676376466466547576664',
]

/** Bits of the first letter of a word, of a digit, and of any other character in text. */
const START_BITS = 5
const DIGIT_BITS = 3.3
const SEPARATOR_BITS = 3
const SYMBOL_BITS = 7

/** Bits of a change of kind that no separator announces (`aB`, `a1`, `1a`), after a word or a part. */
const CHANGE_BITS = 2
const SHORT_CHANGE_BITS = 5
const SHORT_WORD = 3

/** Alphabets of random strings, with the bits of each character. */
const alphabets: readonly { readonly chars: RegExp; readonly bits: number }[] = [
  { chars: /[0-9a-f-]/, bits: 4 },
  { chars: /[0-9A-F-]/, bits: 4 },
  { chars: /[0-9a-z_-]/, bits: 5.2 },
  { chars: /[0-9A-Z_-]/, bits: 5.2 },
  { chars: /[!-~]/, bits: 6 },
]

/** For each ASCII character, one bit for each alphabet that has the character. */
const alphabetsOf = Uint8Array.from({ length: 128 }, (_, code) =>
  alphabets.reduce(
    (bits, { chars }, at) => bits | (Number(chars.test(String.fromCharCode(code))) << at),
    0,
  ),
)

/** Mean bits of a letter up to which letters are a word; in random ones it is about 6. */
const MAX_WORD_BITS = 5.2

/**
 * Characters without blanks, quotes, brackets and others that separate values. Longer runs are read
 * in pieces, so that the work for hostile texts grows with their length only.
 */
const run = /[A-Za-z0-9!#$%&*+./?@^_~-]{16,2048}/g

/**
 * Ids that name an object, a finding, a thing or the temporary folder of a user on macOS, and give
 * access to nothing.
 */
const publicId = new RegExp(
  [
    '(?<![0-9A-Za-z])(?:[0-9a-f]{64}|[0-9a-f]{40}|oak1-[0-9a-f]{32}',
    '|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=/var/folders/[^/]{2}/)[0-9a-z_]{30})(?![0-9A-Za-z])',
  ].join(''),
  'g',
)

/** A password in a URL: `postgres://user:PASSWORD@host`. A reference such as `$NAME` is none. */
const urlPassword =
  /([a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/"'<>]{0,200}:)([^\s@/"'<>${…][^\s@/"'<>]{0,200})@/gi

/** The form of a secret key of AWS, which is masked whole: chance may end it in a word. */
const awsSecret = /(?<![0-9A-Za-z+/])[0-9A-Za-z+/]{40}(?![0-9A-Za-z+/])/g

/** Returns the passwords of URLs and the stretches of a text that look random, in order. */
export function randomRanges(text: string, kind: TextKind): readonly TextRange[] {
  const shown = kind === 'name' ? text.replaceAll(publicId, (id) => ' '.repeat(id.length)) : text
  const passwords = Array.from(text.matchAll(urlPassword), ({ 1: before, 2: value, index }) => {
    const start = index + (before?.length ?? 0)
    return { start, end: start + (value?.length ?? 0) }
  })
  const stretchesOfRuns = Array.from(shown.matchAll(run), ({ 0: chars, index }) =>
    rangesInRun(chars).map(({ start, end }) => ({ start: index + start, end: index + end })),
  )
  const random = stretchesOfRuns.flat()
  const keys = Array.from(shown.matchAll(awsSecret), ({ 0: key, index }) => ({
    start: index,
    end: index + key.length,
  })).filter((key) => random.some(({ start, end }) => start < key.end && end > key.start))
  return merged([...passwords, ...random, ...keys])
}

function rangesInRun(chars: string): readonly TextRange[] {
  const textBits = textBitsOf(chars)
  const found = alphabets
    .flatMap(({ bits }, alphabet) => stretches(chars, textBits, { alphabet, bits }))
    .toSorted((a, b) => a.start - b.start)
  const ranges: TextRange[] = []
  let read = 0
  for (const stretch of found) {
    // Widened ranges are not widened again, or the work would grow with the square of the length.
    if (stretch.end <= read) continue
    const range = widened(chars, stretch)
    read = range.end
    if (isLongEnough(chars.slice(range.start, range.end))) ranges.push(range)
  }
  return ranges
}

/** Sorts ranges, and merges those that overlap or touch. */
function merged(ranges: readonly TextRange[]): readonly TextRange[] {
  const result: TextRange[] = []
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1)
    if (last === undefined || start > last.end) result.push({ start, end })
    else result[result.length - 1] = { start: last.start, end: Math.max(last.end, end) }
  }
  return result
}

function isLongEnough(stretch: string): boolean {
  return stretch.length >= MIN_LENGTH && new Set(stretch).size >= MIN_CHARACTERS
}

/** True for letters that follow each other as in words. Few short strings can be told from words. */
export function isWordLike(letters: string): boolean {
  const bits = textBitsOf(letters)
    .slice(1)
    .reduce((sum, each) => sum + each, 0)
  return bits <= MAX_WORD_BITS * letters.length
}

/** Returns the bits of each character in the model of text. */
function textBitsOf(chars: string): readonly number[] {
  let wordStart = 0
  return Array.from({ length: chars.length }, (_, at) => {
    const char = chars.charCodeAt(at)
    const before = at === 0 ? 0 : chars.charCodeAt(at - 1)
    const [kind, kindBefore] = [kindOf(char), kindOf(before)]
    if (kind === kindBefore || (kind === 'lower' && kindBefore === 'upper')) {
      if (kind === 'digit') return DIGIT_BITS
      if (kind !== 'other') return letterPairBits(before, char)
    }
    const changeBits =
      kindBefore === 'other' ? 0 : at - wordStart < SHORT_WORD ? SHORT_CHANGE_BITS : CHANGE_BITS
    wordStart = at
    if (kind === 'other') return /[-_./]/.test(chars.charAt(at)) ? SEPARATOR_BITS : SYMBOL_BITS
    return changeBits + (kind === 'digit' ? DIGIT_BITS : START_BITS)
  })
}

/** Returns the bits of a letter behind another, of either case, by their codes. */
export function letterPairBits(before: number, letter: number): number {
  return (pairBits[(before & 31) - 1]?.charCodeAt((letter & 31) - 1) ?? 0) - 0x30
}

function kindOf(char: number): 'lower' | 'upper' | 'digit' | 'other' {
  if (char >= 97 && char <= 122) return 'lower'
  if (char >= 65 && char <= 90) return 'upper'
  return char >= 48 && char <= 57 ? 'digit' : 'other'
}

/**
 * Returns the stretches of an alphabet that are enough bits cheaper as random characters than as
 * text, each cut where it is cheapest.
 */
function stretches(
  chars: string,
  textBits: readonly number[],
  { alphabet, bits }: { readonly alphabet: number; readonly bits: number },
): readonly TextRange[] {
  const found: TextRange[] = []
  let [start, end, sum, most, hasDigit] = [0, 0, 0, 0, false]
  const close = (next: number): void => {
    if (most >= (hasDigit ? MIN_BITS_WITH_DIGITS : MIN_BITS)) found.push({ start, end })
    ;[start, end, sum, most, hasDigit] = [next, next, 0, 0, false]
  }
  for (const [at, cost] of textBits.entries()) {
    const code = chars.charCodeAt(at)
    const isIn = ((alphabetsOf[code] ?? 0) & (1 << alphabet)) !== 0
    sum += isIn ? cost - bits : -Infinity
    hasDigit ||= kindOf(code) === 'digit'
    if (sum > most) [end, most] = [at + 1, sum]
    if (sum <= 0 || sum < most - MAX_LOSS_BITS) close(at + 1)
  }
  close(textBits.length)
  return found
}

/** A plain word or number, read in either direction. */
const plainWord = /^(?:[A-Z]?[a-z]+[A-Z]?|[A-Z]+|\d+)$/

/**
 * Widens a stretch to whole words, and past `+ / = _ -` to words of mixed letters and digits: the
 * rest of a value in base64, but not the folder of a file.
 */
function widened(chars: string, { start, end }: TextRange): TextRange {
  const behind = restLength((at) => chars.charAt(end + at))
  const before = restLength((at) => chars.charAt(start - 1 - at))
  return { start: start - before, end: end + behind }
}

/** Returns the length of the rest of a value; `charAt` reads away from the stretch. */
function restLength(charAt: (at: number) => string): number {
  const skip = (from: number, chars: RegExp): number => {
    let at = from
    while (chars.test(charAt(at))) at += 1
    return at
  }
  let end = skip(0, /[0-9A-Za-z!#$%&*?^~]/)
  for (;;) {
    const next = skip(end, /[+/=_-]/)
    const word = skip(next, /[0-9A-Za-z]/)
    const text = Array.from({ length: word - next }, (_, at) => charAt(next + at)).join('')
    if (next === end || word === next || plainWord.test(text)) return end
    end = word
  }
}
