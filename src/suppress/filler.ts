/** Keys that lie side by side on a keyboard, and digits and letters as people type them to fill a space. */
const rows = ['01234567890', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', '9abcdef0', '0abcdef1']

/** 1 for two ASCII characters of which one follows the other in a row: private keys are long, and often there. */
const neighbours = new Uint8Array(128 * 128)
for (const row of rows) for (let index = 1; index < row.length; index += 1) neighbours[row.charCodeAt(index - 1) * 128 + row.charCodeAt(index)] = 1

/** Why `text` (lower case, without an issuer's prefix) was typed to fill a space, in words; nothing for what a machine drew at random. */
export function fillerReason(text: string): string | undefined {
  if (text.length < 4) return undefined
  const distinct = new Set(text).size
  if (longestRepeat(text) >= Math.max(4, text.length / 2)) return 'it repeats one character'
  if (text.length >= 8 && distinct <= 2) return 'it has no more than two different characters'
  if (text.length >= 8 && periodOf(text) <= text.length / 2) return 'it repeats a short pattern'
  if (isSequence(text) || (text.length >= 8 && isSequence(everySecond(text, 0)) && isSequence(everySecond(text, 1)))) {
    return 'it is a sequence of neighbouring characters'
  }
  return undefined
}

function longestRepeat(text: string): number {
  let longest = 0
  let length = 0
  for (let index = 0; index < text.length; index++) {
    length = index > 0 && text.charAt(index) === text.charAt(index - 1) ? length + 1 : 1
    longest = Math.max(longest, length)
  }
  return longest
}

/** The smallest shift under which the text covers itself (Knuth, Morris and Pratt's failure function). */
function periodOf(text: string): number {
  const border = [0]
  for (let index = 1, length = 0; index < text.length; index++) {
    while (length > 0 && text.charAt(index) !== text.charAt(length)) length = border[length - 1] ?? 0
    if (text.charAt(index) === text.charAt(length)) length++
    border.push(length)
  }
  return text.length - (border.at(-1) ?? 0)
}

/** Do runs up or down a row cover two thirds of the text? Runs of three are chance in a long value, so they do not count there. */
function isSequence(text: string): boolean {
  if (text.length < 4) return false
  const shortest = text.length <= 12 ? 4 : 5
  let covered = 0
  for (const up of [0, 1]) {
    let length = 1
    for (let index = 1; index <= text.length; index++) {
      if (areNeighbours(text.charCodeAt(index - up), text.charCodeAt(index - 1 + up))) length++
      else {
        if (length >= shortest) covered += length
        length = 1
      }
    }
  }
  return covered * 3 >= text.length * 2
}

/** Of no characters behind the end, whose codes are NaN. */
function areNeighbours(first: number, second: number): boolean {
  return first < 128 && second < 128 && neighbours[first * 128 + second] === 1
}

function everySecond(text: string, from: number): string {
  return Array.from(text).filter((_, index) => index % 2 === from).join('')
}
