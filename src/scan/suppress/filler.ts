/**
 * Keys that lie side by side on a keyboard, and digits and letters as people type them to fill a
 * space.
 */
const rows = [
  '01234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '9abcdef0',
  '0abcdef1',
]

/**
 * 1 for two ASCII characters of which one follows the other in a row: private keys are long, and
 * often there.
 */
const neighbours = new Uint8Array(128 * 128)
for (const row of rows)
  for (let index = 1; index < row.length; index += 1)
    neighbours[row.charCodeAt(index - 1) * 128 + row.charCodeAt(index)] = 1

/**
 * Why `text` (lower case, without an issuer's prefix) was typed to fill a space, in words; nothing
 * for what a machine drew at random.
 */
export function fillerReason(text: string): string | undefined {
  const { length } = text
  if (length < 4) return undefined
  if (longestRepeat(text) >= Math.max(4, length / 2)) return 'it repeats one character'
  if (length >= 8 && hasNoThird(text)) return 'it has no more than two different characters'
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

/** What was drawn at random shows a third character soon. */
function hasNoThird(text: string): boolean {
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

/**
 * Does the text cover itself when it is shifted by no more than half of it? Then its first half
 * comes again there.
 */
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
 * Do runs up or down a row cover two thirds of the text, or of each `step`th character of it? Runs
 * of three are chance in a long value, so they do not count there.
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
    // Where a run up ends one down may begin, so that three characters count for four at most: what
    // was drawn at random is out of it half way.
    if ((covered + up + down) * 3 * step + (text.length - index) * 4 < length * 2 * step)
      return false
  }
  return covered * 3 >= length * 2
}

/** Of no characters behind the end, whose codes are NaN. */
function areNeighbours(first: number, second: number): boolean {
  return first < 128 && second < 128 && neighbours[first * 128 + second] === 1
}
