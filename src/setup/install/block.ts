/**
 * The lines of Oakum's in a file that others write: found again by their marks, and taken out to
 * the byte.
 */

/** `made`: there was no file before; `added`: the rest of it is somebody else's. */
export type BlockOrigin = 'made' | 'added'

const start = '# >>> oakum >>>'
const end = '# <<< oakum <<<'

/** A line of its own, indented or not. */
const blocks =
  /^[ \t]*# >>> oakum >>> (?<mark>made|added) [^\n]*\n(?:[^\n]*\n)*?[ \t]*# <<< oakum <<<\r?(?:\n|$)/gm

/** Puts the marks around lines. */
export function formatBlock(
  mark: BlockOrigin,
  lines: readonly string[],
  indent = '',
): readonly string[] {
  return [`${start} ${mark} by oakum install; oakum uninstall takes it out`, ...lines, end].map(
    (line) => (line === '' ? line : indent + line),
  )
}

/** Oakum's first block in a text, and how it came there. */
export function findBlock(
  text: string,
): { readonly mark: BlockOrigin; readonly text: string } | undefined {
  const [block] = text.matchAll(blocks)
  if (block === undefined) return undefined
  return { mark: block.groups?.['mark'] === 'made' ? 'made' : 'added', text: block[0] }
}

/**
 * The text without blocks. One that stands at the end without a line feed was put behind a text
 * without one.
 */
export function withoutBlocks(text: string): string {
  return text
    .replaceAll(blocks, (block: string, ...rest: readonly unknown[]) => {
      const offset = rest.find((value) => typeof value === 'number') ?? 0
      return offset + block.length === text.length && !block.endsWith('\n') ? '\0' : ''
    })
    .replace(/\r?\n\0$/, '')
    .replace(/^\0$/, '')
}

/** The text with lines behind it, in the text's own line ends. */
export function withLinesAtEnd(text: string, lines: readonly string[]): string {
  const feed = lineFeedOf(text)
  const block = lines.join(feed)
  return text === '' || text.endsWith('\n') ? `${text}${block}${feed}` : `${text}${feed}${block}`
}

/** The line feed a text uses. */
function lineFeedOf(text: string): '\n' | '\r\n' {
  return /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n'
}
