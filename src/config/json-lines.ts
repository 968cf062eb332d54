import type { Report } from '../rules/fields.ts'
import { isMapping } from '../rules/fields.ts'
import type { FileProblem } from './problem.ts'

const maxLineLength = 65_536
const maxTold = 20

/** Files that people merge by lines: one JSON object a line. Blank lines count for nothing. */
interface JsonLinesRequest<T> {
  /** As people call the file. */
  readonly file: string
  readonly text: string
  readonly decode: (value: Readonly<Record<string, unknown>>, report: Report) => T
}

type JsonLinesResult<T> =
  | { readonly entries: readonly T[] }
  | { readonly problems: readonly [FileProblem, ...FileProblem[]] }

/** Every entry, or what is wrong with the lines. */
export function readJsonLines<T>({ file, text, decode }: JsonLinesRequest<T>): JsonLinesResult<T> {
  const problems: FileProblem[] = []
  const entries: T[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (problems.length >= maxTold) break
    if (line.trim() === '') continue
    const report: Report = (field, expected) =>
      problems.push({
        file,
        line: index + 1,
        text:
          field === ''
            ? expected
            : `${field}: ${expected.startsWith('no such') ? '' : 'expected '}${expected}`,
      })
    const flaw = flawOf(line)
    const value = flaw === undefined ? parsed(line) : undefined
    if (value === undefined) report('', flaw ?? 'expected one JSON object a line, in braces')
    else entries.push(decode(value, report))
    // After the first marker of a conflict, what is wrong below is wrong for that reason.
    if (flaw?.startsWith('a merge conflict')) break
  }
  const [first, ...others] = problems
  return first === undefined ? { entries } : { problems: [first, ...others] }
}

/**
 * Lines for a file, each once, in the order of their text: `{"fingerprint":…` comes first in it, so
 * by fingerprint.
 */
export function writeJsonLines(entries: readonly object[]): string {
  return [...new Set(entries.map((entry) => JSON.stringify(entry)))]
    .sort()
    .map((line) => `${line}\n`)
    .join('')
}

function flawOf(line: string): string | undefined {
  if (/^(?:<{7}|={7}|>{7}|\|{7})(?: |\r?$)/.test(line))
    return 'a merge conflict is left here: keep the lines of both sides, and remove the markers'
  return line.length > maxLineLength ? `longer than ${maxLineLength} characters` : undefined
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isMapping(value) ? value : undefined
  } catch {
    return undefined
  }
}
