/** Verdict as text, for the screen and for `oakum audit --plain` and `--verdict`. */
import type { Paint } from '../../report/terminal/colour.ts'
import { cutMiddle, wrap } from '../../report/terminal/fit.ts'
import { formatCount } from '../../report/terminal/units.ts'
import type { VerdictDocument, VerdictItem, VerdictSection } from './document.ts'

/** Width, style and length of the text. */
export interface TextPage {
  readonly columns: number
  readonly paint: Paint
  /** Number of items listed in each section. */
  readonly maxItems: number
}

/** Returns the verdict as lines. Words say everything that colours say. */
export function verdictLines(document: VerdictDocument, page: TextPage): readonly string[] {
  const { paint, columns } = page
  const colour =
    document.answer === 'safe' ? 'green' : document.answer === 'unknown' ? 'yellow' : 'red'
  const headline = `${document.answer === 'safe' ? '✔' : '✘'} ${document.headline}`
  const name = document.name === '' ? '' : paint('dim', `  ${document.name}`)
  return [
    `${paint(colour, paint('bold', headline))}${name}`,
    ...wrap(document.summary, columns - 2).map((line) => `  ${line}`),
    '',
    ...document.sections.flatMap((section) => [...sectionLines(section, page), '']),
    ...wrap(`Scanned: ${document.read}.`, columns).map((line) => paint('dim', line)),
  ]
}

function sectionLines(section: VerdictSection, page: TextPage): readonly string[] {
  const { paint, columns, maxItems } = page
  const { title, blocks, count, advice, items } = section
  const more = count - Math.min(maxItems, items.length)
  return [
    paint(
      blocks ? 'red' : 'bold',
      `${blocks ? '✘' : section.topic === 'gaps' ? '!' : '·'} ${title}: ${formatCount(count)}`,
    ),
    ...wrap(advice, columns - 2).map((line) => paint('dim', `  ${line}`)),
    ...items.slice(0, maxItems).flatMap((item) => itemLines(item, page)),
    ...(more > 0 && items.length > 0 ? [`    and ${formatCount(more)} more`] : []),
  ]
}

function itemLines(
  { severity, title, credential, notes }: VerdictItem,
  { columns, paint }: TextPage,
): readonly string[] {
  const head = [severity?.toUpperCase(), title, credential]
    .filter((word) => word !== undefined)
    .join('  ')
  return [
    `  - ${cutMiddle(head, columns - 4)}`,
    ...wrap(notes.join('; '), columns - 6)
      .filter((line) => line !== '')
      .map((line) => paint('dim', `      ${cutMiddle(line, columns - 6)}`)),
  ]
}
