import { type MappedText, type Replacement, rewrite } from './mapped-text.ts'

/**
 * From the end of one literal to the beginning of the next, with nothing between but what puts them
 * together:
 *
 *     "abc" + "def"     'abc' . 'def'     "abc" "def"     "abc" & _⏎ "def"     "abc" +⏎+    "def"  (in a patch)
 */
const seams =
  /["'`](?<=[A-Za-z0-9+/=]["'`])(?:[\s+.&\\<>|_]|(?<=\n)-){0,80}["'`](?=[A-Za-z0-9+/=])/g

/** A backslash that ends a line, with what indents the next: `abc\⏎    def`. */
const continuations = /\\(?<=[A-Za-z0-9+/]\\)\r?\n[ \t]{0,40}(?=[A-Za-z0-9+/])/g

/**
 * A block of YAML whose lines, all indented alike, are base64 and nothing else: `key: >-⏎ abc⏎
 * def⏎`.
 */
const blocks =
  /(?<=: [>|][+-]?\r?\n)([ \t]{1,40})[A-Za-z0-9+/]{1,120}={0,2}(?:\r?\n\1[A-Za-z0-9+/]{1,120}={0,2}){1,60}(?![^\r\n])/g

/**
 * Reads literals in pieces, continued lines and folded blocks as one piece each; the same object
 * where there is none.
 */
export function joinPieces(source: MappedText): MappedText {
  const folded = mayFold(source.text)
    ? rewrite(source, blocks, ([block]) => withoutLineEnds(block))
    : source
  return rewrite(
    rewrite(folded, continuations, () => ({ text: '' })),
    seams,
    () => ({ text: '' }),
  )
}

/** The pattern would look at each blank that a line begins with. */
function mayFold(text: string): boolean {
  return text.includes(': >') || text.includes(': |')
}

function withoutLineEnds(block: string): Replacement {
  const places = Array.from(block.matchAll(/[^\s]/g), ({ index }) => index)
  return {
    text: places.map((at) => block.charAt(at)).join(''),
    rangeOf: (index) => [places[index] ?? 0, (places[index] ?? 0) + 1],
  }
}
