// Values that are written in pieces: joined literals, continued lines and folded blocks.
import { type MappedText, type Replacement, replaceMatches } from './mapped-text.ts'

/**
 * The text from the end of one string literal to the beginning of the next, with only an operator
 * or blanks in between. The last form stands in a patch:
 *
 *     "abc" + "def"    'abc' . 'def'    "abc" "def"    "abc" & _⏎ "def"    "abc" +⏎+    "def"
 */
const literalJoins = new RegExp(
  [
    `["'\x60](?<=[A-Za-z0-9+/=]["'\x60])`,
    String.raw`(?:[\s+.&\\<>|_]|(?<=\n)-){0,80}`,
    `["'\x60](?=[A-Za-z0-9+/=])`,
  ].join(''),
  'g',
)

/** A backslash that ends a line, with the indentation of the next: `abc\⏎    def`. */
const continuations = /\\(?<=[A-Za-z0-9+/]\\)\r?\n[ \t]{0,40}(?=[A-Za-z0-9+/])/g

/**
 * A YAML block scalar whose lines have equal indentation and only base64:
 * `key: >-⏎  abc⏎  def⏎`.
 */
const foldedBlocks = new RegExp(
  [
    String.raw`(?<=: [>|][+-]?\r?\n)([ \t]{1,40})[A-Za-z0-9+/]{1,120}={0,2}`,
    String.raw`(?:\r?\n\1[A-Za-z0-9+/]{1,120}={0,2}){1,60}(?![^\r\n])`,
  ].join(''),
  'g',
)

/**
 * Joins the pieces of literals, continued lines and folded blocks. Returns the same object when
 * there are none.
 */
export function joinLiterals(source: MappedText): MappedText {
  const unfolded = mayHaveFoldedBlock(source.text)
    ? replaceMatches(source, foldedBlocks, ([block]) => withoutLineEnds(block))
    : source
  const continued = replaceMatches(unfolded, continuations, () => ({ text: '' }))
  return replaceMatches(continued, literalJoins, () => ({ text: '' }))
}

/** A cheap check, since the pattern tries every blank at the beginning of a line. */
function mayHaveFoldedBlock(text: string): boolean {
  return text.includes(': >') || text.includes(': |')
}

function withoutLineEnds(block: string): Replacement {
  const places = Array.from(block.matchAll(/[^\s]/g), ({ index }) => index)
  return {
    text: places.map((at) => block.charAt(at)).join(''),
    rangeOf: (index) => [places[index] ?? 0, (places[index] ?? 0) + 1],
  }
}
