/**
 * Measures, cuts and wraps text to a number of terminal columns. All functions expect escaped text,
 * without control characters or invisible characters.
 */

/** Characters two columns wide: an approximation of Unicode's East Asian Width property. */
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u
const combining = /\p{M}/u

/** The number of columns a text occupies on a terminal. */
export function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += columnsOf(character)
  return width
}

/**
 * Cuts a text to at most `width` columns by replacing its middle with `…`. The end keeps twice as
 * many columns as the start, because file names stand at the end of paths.
 */
export function cutMiddle(text: string, width: number): string {
  // The length check avoids measuring a hostile name of megabytes.
  if (text.length <= width * 2 && widthOf(text) <= width) return text
  const available = Math.max(width - 1, 2)
  const startColumns = Math.floor(available / 3)
  const start = takeColumns(text.slice(0, available * 2), startColumns)
  const reversed = Array.from(text.slice(-available * 2)).reverse()
  const end = takeColumns(reversed, available - startColumns)
  return `${start.join('')}…${end.reverse().join('')}`
}

/**
 * Wraps a text at spaces into lines of at most `width` columns. A longer word, or a longer command
 * in backquotes, is not broken: it gets a line of its own.
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

function takeColumns(characters: Iterable<string>, columns: number): string[] {
  const taken: string[] = []
  let left = columns
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
