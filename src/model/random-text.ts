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

/** Mean bits of a letter up to which letters are a word; in random ones it is about 6. */
const MAX_WORD_BITS = 5.2

/** Characters without blanks, quotes, brackets and others that separate values. */
const run = /[A-Za-z0-9!#$%&*+./?@^_~-]{16,}/g

/** Ids that name an object, a finding or a thing, and give access to nothing. */
const publicId =
  /(?<![0-9A-Za-z])(?:[0-9a-f]{64}|[0-9a-f]{40}|oak1-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9A-Za-z])/g

/** Returns the stretches of a text that look random, in order. */
export function randomRanges(text: string, kind: TextKind): readonly TextRange[] {
  const shown = kind === 'name' ? text.replaceAll(publicId, (id) => ' '.repeat(id.length)) : text
  return Array.from(shown.matchAll(run), ({ 0: chars, index }) =>
    rangesInRun(chars).map(({ start, end }) => ({ start: index + start, end: index + end })),
  ).flat()
}

function rangesInRun(chars: string): readonly TextRange[] {
  const textBits = textBitsOf(chars)
  const ranges = alphabets
    .flatMap(({ chars: alphabet, bits }) =>
      stretches(
        chars,
        textBits.map((cost, at) => (alphabet.test(chars.charAt(at)) ? cost - bits : -Infinity)),
      ),
    )
    .map((range) => widened(chars, range))
    .filter(({ start, end }) => isLongEnough(chars.slice(start, end)))
    .toSorted((a, b) => a.start - b.start)
  return ranges.reduce<readonly TextRange[]>((merged, range) => {
    const last = merged.at(-1)
    return last === undefined || range.start > last.end
      ? [...merged, range]
      : [...merged.slice(0, -1), { start: last.start, end: Math.max(last.end, range.end) }]
  }, [])
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
      if (kind !== 'other') return Number(pairBits[(before & 31) - 1]?.charAt((char & 31) - 1))
    }
    const changeBits =
      kindBefore === 'other' ? 0 : at - wordStart < SHORT_WORD ? SHORT_CHANGE_BITS : CHANGE_BITS
    wordStart = at
    if (kind === 'other') return /[-_./]/.test(chars.charAt(at)) ? SEPARATOR_BITS : SYMBOL_BITS
    return changeBits + (kind === 'digit' ? DIGIT_BITS : START_BITS)
  })
}

function kindOf(char: number): 'lower' | 'upper' | 'digit' | 'other' {
  if (char >= 97 && char <= 122) return 'lower'
  if (char >= 65 && char <= 90) return 'upper'
  return char >= 48 && char <= 57 ? 'digit' : 'other'
}

/** Returns the stretches whose gains add up to enough bits, each cut where its sum is highest. */
function stretches(chars: string, gains: readonly number[]): readonly TextRange[] {
  const found: TextRange[] = []
  let [start, end, sum, most] = [0, 0, 0, 0]
  const close = (next: number): void => {
    const minBits = /\d/.test(chars.slice(start, end)) ? MIN_BITS_WITH_DIGITS : MIN_BITS
    if (most >= minBits) found.push({ start, end })
    ;[start, end, sum, most] = [next, next, 0, 0]
  }
  for (const [at, gain] of gains.entries()) {
    sum += gain
    if (sum > most) [end, most] = [at + 1, sum]
    if (sum <= 0 || sum < most - MAX_LOSS_BITS) close(at + 1)
  }
  close(gains.length)
  return found
}

/** A word of letters in both cases, or of letters and digits, that is not a plain word. */
const mixedWord = String.raw`(?![A-Z]?[a-z]+(?![0-9A-Za-z])|[A-Z]+(?![0-9A-Za-z])|\d+(?![0-9A-Za-z]))[0-9A-Za-z]+`
const restBehind = new RegExp(`^[0-9A-Za-z!#$%&*?^~]*(?:[+/=_-]+${mixedWord})*={0,2}`)
const restBefore = new RegExp(`(?:(?<![0-9A-Za-z])${mixedWord}[+/=_-]+)*[0-9A-Za-z!#$%&*?^~]*$`)

/**
 * Widens a stretch to whole words, and past `+ / = _ -` to words of mixed letters and digits: the
 * rest of a value in base64, but not the folder of a file.
 */
function widened(chars: string, { start, end }: TextRange): TextRange {
  const before = restBefore.exec(chars.slice(0, start))?.[0].length ?? 0
  const behind = restBehind.exec(chars.slice(end))?.[0].length ?? 0
  return { start: start - before, end: end + behind }
}
