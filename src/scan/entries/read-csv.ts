/** Reads tables with a header row, as browsers and password managers export them. */
import type { KeywordText, TextEntry } from './entry.ts'

/** Rows that are read: the first ones show what the file is. */
const MAX_ROWS = 100

const headerLine = /^(?:"?[A-Za-z][\w ]{0,40}"?[,;\t]){1,20}"?[A-Za-z][\w ]{0,40}"?\r?$/
const secretColumn = /^(?:login_)?(?:password|passwd|passwort|secret|totp|login_totp|token)$/i
const cell =
  /(?:"(?<quoted>(?:[^"\n]|""){0,1000})"|(?<plain>[^,;\t"\n\r]{0,1000}))(?<end>[,;\t]|\r?$)/dy

/** Yields the values below the columns of the header line around the keyword. */
export function* readCsv({ text, at }: KeywordText): Generator<TextEntry> {
  const lineStart = text.lastIndexOf('\n', at) + 1
  const lineEnd = text.indexOf('\n', at)
  if (lineEnd < 0 || !headerLine.test(text.slice(lineStart, lineEnd))) return
  const columns = text
    .slice(lineStart, lineEnd)
    .trim()
    .split(/[,;\t]/)
    .map((name) => name.replaceAll('"', '').trim())
  let from = lineEnd + 1
  for (let row = 0; row < MAX_ROWS; row += 1) {
    const end = text.indexOf('\n', from)
    if (end < 0 && from >= text.length) return
    const line = text.slice(from, end < 0 ? undefined : end)
    const cells = cellsOf(line)
    // Another header line ends the table, and is read by itself.
    if (cells.length !== columns.length || cells.some(({ value }) => secretColumn.test(value)))
      return
    for (const [index, { value, start }] of cells.entries()) {
      const name = columns[index] ?? ''
      if (secretColumn.test(name) && value !== '')
        yield {
          name: name.toLowerCase(),
          value,
          start: from + start,
          end: from + start + value.length,
          syntax: 'sibling',
          delimited: true,
        }
    }
    if (end < 0) return
    from = end + 1
  }
}

function cellsOf(line: string): readonly { readonly value: string; readonly start: number }[] {
  const cells: { value: string; start: number }[] = []
  cell.lastIndex = 0
  for (let match = cell.exec(line); match !== null; match = cell.exec(line)) {
    const span = match.indices?.groups?.['quoted'] ?? match.indices?.groups?.['plain']
    cells.push({ value: span === undefined ? '' : line.slice(...span), start: span?.[0] ?? 0 })
    if (cell.lastIndex >= line.length && !/[,;\t]/.test(match.groups?.['end'] ?? '')) break
    if (cells.length > 40) return []
  }
  return cells
}
