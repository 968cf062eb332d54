/**
 * Text on a page of so many columns. Widths are of escaped text: no control characters, nothing
 * invisible.
 */

/** Characters that take two columns. An approximation of East Asian Width, without its table. */
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u
const combining = /\p{M}/u

/** Columns that a text takes on a terminal. */
export function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += columnsOf(character)
  return width
}

/**
 * A text of at most `width` columns: the middle of a longer one gives way to `…`, and its end keeps
 * more than its start.
 */
export function cutMiddle(text: string, width: number): string {
  // Most names fit, and a hostile one may be very long: its width is then of no interest.
  if (text.length <= width * 2 && widthOf(text) <= width) return text
  const room = Math.max(width - 1, 2)
  const startRoom = Math.floor(room / 3)
  const start = takeWhileFits(text.slice(0, room * 2), startRoom)
  const end = takeWhileFits(Array.from(text.slice(-room * 2)).reverse(), room - startRoom)
  return `${start.join('')}…${end.reverse().join('')}`
}

/**
 * Lines of at most `width` columns, broken at spaces. A word or a command in backquotes that is
 * longer stands alone and over.
 */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const [word] of text.matchAll(/[^\s`]*`[^`]*`[^\s`]*|\S+/g)) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line === '' || widthOf(longer) <= width) {
      line = longer
    } else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line]
}

function takeWhileFits(characters: Iterable<string>, room: number): string[] {
  const taken: string[] = []
  let left = room
  for (const character of characters) {
    left -= columnsOf(character)
    if (left < 0) break
    taken.push(character)
  }
  return taken
}

function columnsOf(character: string): number {
  if (character < '\u0300') return 1
  if (combining.test(character)) return 0
  return wide.test(character) ? 2 : 1
}
