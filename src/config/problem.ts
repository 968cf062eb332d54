import { ConfigError } from '../model/errors.ts'

/** What is wrong in a file, and where. */
export interface FileProblem {
  /** As people call it: `oakum.yaml`, `main:oakum.yaml`. */
  readonly file: string
  readonly line?: number
  readonly column?: number
  /** Without the place: `rules.jwt: expected one of …`. */
  readonly text: string
}

/**
 * Problems told of one run. The first says what to mend; those after a hundredth would only scroll
 * it away, and to look for their lines takes time.
 */
export const MAX_PROBLEMS = 100

/** All problems as one error, in the order of the files, a line each. */
export function configError(problems: readonly [FileProblem, ...FileProblem[]]): ConfigError {
  const [first = '', ...others] = problems.slice(0, MAX_PROBLEMS).map(describe)
  const left = problems.length - MAX_PROBLEMS
  return new ConfigError(first, {
    others: left > 0 ? [...others, `and ${left} more problems`] : others,
  })
}

/**
 * `rulez: no such field; did you mean rules?`, `failOn: expected one of low, medium, high,
 * critical`
 */
export function problemText(field: string, expected: string): string {
  const what = expected.startsWith('no such') ? expected : `expected ${expected}`
  return field === '' ? what : `${field}: ${what}`
}

function describe({ file, line, column, text }: FileProblem): string {
  return `${[file, line, column].filter((part) => part !== undefined).join(':')}: ${text}`
}
