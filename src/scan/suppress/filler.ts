/**
 * Recognizes values that were typed to fill a space: `aaaaaaaa`, `abcabcabc`, `12345678`,
 * `qwertyui`.
 */
/** Rows of a keyboard, and digits and letters in the order in which people type them. */
const keyboardRows = [
  '01234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '9abcdef0',
  '0abcdef1',
]

/**
 * 1 at the index `a * 128 + b` when the ASCII character `b` follows `a` in a row. A table, because
 * private keys are long and frequent.
 */
const neighbours = new Uint8Array(128 * 128)
for (const row of keyboardRows)
  for (let index = 1; index < row.length; index += 1)
    neighbours[row.charCodeAt(index - 1) * 128 + row.charCodeAt(index)] = 1

/**
 * Returns the reason, in words, why `text` (lower case, without an issuer's prefix) is a filler;
 * undefined for values that look drawn at random.
 */
export function fillerReason(text: string): string | undefined {
  const { length } = text
  if (length < 4) return undefined
  if (longestRepeat(text) >= Math.max(4, length / 2)) return 'it repeats one character'
  if (length >= 8 && hasAtMostTwoCharacters(text))
    return 'it has no more than two different characters'
  if (length >= 8 && repeatsPattern(text)) return 'it repeats a short pattern'
  if (isSequence(text) || (length >= 8 && isSequence(text, 2, 0) && isSequence(text, 2, 1)))
    return 'it is a sequence of neighbouring characters'
  return undefined
}

function longestRepeat(text: string): number {
  let longest = 1
  let length = 1
  for (let index = 1; index < text.length; index += 1) {
    length = text.charCodeAt(index) === text.charCodeAt(index - 1) ? length + 1 : 1
    if (length > longest) longest = length
  }
  return longest
}

/** True for one or two distinct characters. A random value shows a third one soon. */
function hasAtMostTwoCharacters(text: string): boolean {
  const first = text.charCodeAt(0)
  let second = first
  for (let index = 1; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code === first || code === second) continue
    if (second !== first) return false
    second = code
  }
  return true
}

/** True when the text equals itself shifted by at most half its length. */
function repeatsPattern(text: string): boolean {
  const half = text.slice(0, text.length / 2)
  for (
    let shift = text.indexOf(half, 1);
    shift > 0 && shift <= text.length / 2;
    shift = text.indexOf(half, shift + 1)
  ) {
    if (text.startsWith(text.slice(0, -shift), shift)) return true
  }
  return false
}

/**
 * True when runs up or down a keyboard row cover two thirds of the text, or of every `step`th
 * character. Short runs occur by chance in long values and do not count there.
 */
function isSequence(text: string, step = 1, from = 0): boolean {
  const length = Math.ceil((text.length - from) / step)
  if (length < 4) return false
  const shortest = length <= 12 ? 4 : 5
  let [covered, up, down] = [0, 1, 1]
  for (let index = from + step; index < text.length + step; index += step) {
    const before = text.charCodeAt(index - step)
    const here = text.charCodeAt(index)
    if (areNeighbours(before, here)) up += 1
    else {
      if (up >= shortest) covered += up
      up = 1
    }
    if (areNeighbours(here, before)) down += 1
    else {
      if (down >= shortest) covered += down
      down = 1
    }
    // A run down may begin where a run up ends, so three characters count as four at most. A random
    // value is given up half-way because of this bound.
    if ((covered + up + down) * 3 * step + (text.length - index) * 4 < length * 2 * step)
      return false
  }
  return covered * 3 >= length * 2
}

/** False for positions behind the end, whose character codes are NaN. */
function areNeighbours(first: number, second: number): boolean {
  return first < 128 && second < 128 && neighbours[first * 128 + second] === 1
}
