/** Writes the figures of a campaign into docs/reliability.md. */
import { readFileSync, writeFileSync } from 'node:fs'
import type { Figures } from './figures.ts'
import { acceptedComplaints } from './run/git-word.ts'

const begin = '<!-- figures -->'
const end = '<!-- end of figures -->'

/** Replaces what stands between the marks in the document by the table of a `--json` file. */
export function writeTable(json: string, document: string): void {
  const figures: Figures = JSON.parse(readFileSync(json, 'utf8'))
  const text = readFileSync(document, 'utf8')
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${document} lacks the marks of the figures`)
  writeFileSync(
    document,
    `${text.slice(0, from + begin.length)}\n\n${tableOf(figures)}\n\n${text.slice(to)}`,
  )
}

function tableOf(figures: Figures): string {
  const rows = figures.kinds.map(
    ({ kind, tries, tried, failed }) =>
      `| ${kind} | ${tries} | ${tried} | ${tried - failed} | ${failed} |`,
  )
  return [
    `${figures.date}: ${Math.round(figures.minutes)} minutes, ${figures.runs} runs of Oakum, ${figures.foreign} foreign git directories, ${figures.git}, node ${figures.node}, first seed ${figures.firstSeed}.`,
    '',
    '| kind | tries | tried | survived | failed |',
    '|---|---|---:|---:|---:|',
    ...rows,
    '',
    `Complaints of git that do not count: ${acceptedComplaints.map(([, reason]) => reason).join('; ')}.`,
    '',
    `Mutations: ${countsOf(figures, 'mutation: ')}; under the cache: ${figures.tags['damaged under the cache'] ?? 0}.`,
    '',
    `Repositories: foreign, and ${countsOf(figures, 'repository: ')}.`,
    '',
    `Readers without cache: ${countsOf(figures, 'reader: ')}.`,
  ].join('\n')
}

/** The counts of all tags that begin with these words: `truncated 12, flipped bit 9`. */
function countsOf({ tags }: Figures, words: string): string {
  return Object.entries(tags)
    .filter(([tag]) => tag.startsWith(words))
    .sort(([, a], [, b]) => b - a)
    .map(([tag, count]) => `${tag.slice(words.length)} ${count}`)
    .join(', ')
}
