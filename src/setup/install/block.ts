/**
 * Oakum's block of lines in a file that other programs write: a begin and an end mark around it let
 * uninstall find it and restore the rest of the file to the byte.
 */

/** `made`: Oakum created the file; `added`: the file existed and belongs to somebody else. */
export type BlockOrigin = 'made' | 'added'

const beginMark = '# >>> oakum >>>'
const endMark = '# <<< oakum <<<'

/** Matches a block with both marks, indented or not. */
const blocks =
  /^[ \t]*# >>> oakum >>> (?<origin>made|added) [^\n]*\n(?:[^\n]*\n)*?[ \t]*# <<< oakum <<<\r?(?:\n|$)/gm

/** Returns the lines of a block: begin mark, content, end mark, each with the indentation. */
export function formatBlock(
  origin: BlockOrigin,
  lines: readonly string[],
  indent = '',
): readonly string[] {
  const firstLine = `${beginMark} ${origin} by oakum install; oakum uninstall removes it`
  return [firstLine, ...lines, endMark].map((line) => (line === '' ? line : indent + line))
}

/** Returns the first block of a text and its origin. */
export function findBlock(
  text: string,
): { readonly origin: BlockOrigin; readonly text: string } | undefined {
  const [block] = text.matchAll(blocks)
  if (block === undefined) return undefined
  return { origin: block.groups?.['origin'] === 'made' ? 'made' : 'added', text: block[0] }
}

/**
 * Returns the text without its blocks. A block that ends the text without a line feed was appended
 * to a text without one, so the line feed before the block is removed too.
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

/** Appends lines to a text, with the line endings of the text. */
export function withLinesAtEnd(text: string, lines: readonly string[]): string {
  const lineEnding = lineEndingOf(text)
  const block = lines.join(lineEnding)
  return text === '' || text.endsWith('\n')
    ? `${text}${block}${lineEnding}`
    : `${text}${lineEnding}${block}`
}

function lineEndingOf(text: string): '\n' | '\r\n' {
  return /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n'
}
