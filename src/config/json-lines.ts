/**
 * JSON Lines files (`oakum.allow`, `oakum.baseline`): one JSON object per line, so that git merges
 * them line by line.
 */
import { isMapping, type ReportProblem } from '../rules/fields.ts'
import { type FileProblem, problemText } from './problem.ts'

const MAX_LINE_LENGTH = 65_536
const MAX_FILE_PROBLEMS = 20

interface JsonLinesRequest<T> {
  /** The file's name in messages. */
  readonly file: string
  readonly text: string
  readonly decode: (value: Readonly<Record<string, unknown>>, report: ReportProblem) => T
}

type JsonLinesResult<T> =
  | { readonly entries: readonly T[] }
  | { readonly problems: readonly [FileProblem, ...FileProblem[]] }

/**
 * Reads every entry of a file, or the problems of its lines. Blank lines are ignored. Reading stops
 * after 20 problems.
 */
export function readJsonLines<T>({ file, text, decode }: JsonLinesRequest<T>): JsonLinesResult<T> {
  const problems: FileProblem[] = []
  const entries: T[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (problems.length >= MAX_FILE_PROBLEMS) break
    if (line.trim() === '') continue
    const report: ReportProblem = (field, expected) =>
      problems.push({
        file,
        line: index + 1,
        text: field === '' ? expected : problemText(field, expected),
      })
    const problem = lineProblem(line)
    const value = problem === undefined ? parseObject(line) : undefined
    if (value === undefined) report('', problem ?? 'expected one JSON object per line, in braces')
    else entries.push(decode(value, report))
    // An unresolved merge conflict causes the problems of all lines below it.
    if (problem === conflictProblem) break
  }
  const [first, ...others] = problems
  return first === undefined ? { entries } : { problems: [first, ...others] }
}

/**
 * Formats entries as lines without duplicates, sorted as text. Each line begins with
 * `{"fingerprint":…`, so the order is by fingerprint.
 */
export function writeJsonLines(entries: readonly object[]): string {
  return [...new Set(entries.map((entry) => JSON.stringify(entry)))]
    .sort()
    .map((line) => `${line}\n`)
    .join('')
}

const conflictProblem =
  'unresolved merge conflict: keep the lines of both sides and remove the markers'

function lineProblem(line: string): string | undefined {
  if (/^(?:<{7}|={7}|>{7}|\|{7})(?: |\r?$)/.test(line)) return conflictProblem
  return line.length > MAX_LINE_LENGTH ? `longer than ${MAX_LINE_LENGTH} characters` : undefined
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isMapping(value) ? value : undefined
  } catch {
    return undefined
  }
}
