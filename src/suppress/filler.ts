/** Keys that lie side by side on a keyboard, and digits and letters as people type them to fill a space. */
const rows = ['01234567890', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', '9abcdef0', '0abcdef1']

const nextOf = new Set(rows.flatMap((row) => Array.from(row).slice(1).map((char, index) => `${row.charAt(index)}${char}`)))

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
  for (const step of ['up', 'down'] as const) {
    let length = 1
    for (let index = 1; index <= text.length; index++) {
      const [before, here] = [text.charAt(index - 1), text.charAt(index)]
      if (here !== '' && nextOf.has(step === 'up' ? before + here : here + before)) length++
      else {
        if (length >= shortest) covered += length
        length = 1
      }
    }
  }
  return covered * 3 >= text.length * 2
}

function everySecond(text: string, from: number): string {
  return Array.from(text).filter((_, index) => index % 2 === from).join('')
}
