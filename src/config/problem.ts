/** Problems of policy files, and the one error that reports them together. */
import { ConfigError } from '../model/errors.ts'

/** One problem of a file and its position. */
export interface FileProblem {
  /** The file's name in messages: `oakum.yaml`, `main:oakum.yaml`. */
  readonly file: string
  readonly line?: number
  readonly column?: number
  /** The problem without its position: `rules.jwt: expected one of …`. */
  readonly text: string
}

/**
 * Most problems shown in one run. More of them would scroll the first one out of sight, and finding
 * their line numbers takes time.
 */
export const MAX_PROBLEMS = 100

/** Returns one error with all problems, one line each, in the order of the files. */
export function configError(problems: readonly [FileProblem, ...FileProblem[]]): ConfigError {
  const [first = '', ...others] = problems.slice(0, MAX_PROBLEMS).map(describe)
  const remaining = problems.length - MAX_PROBLEMS
  return new ConfigError(first, {
    others: remaining > 0 ? [...others, `and ${remaining} more problems`] : others,
  })
}

/**
 * Formats the problem of a field: `rulez: no such field; did you mean rules?` or `failOn: expected
 * one of low, medium, high, critical`.
 */
export function problemText(field: string, expected: string): string {
  const text = expected.startsWith('no such') ? expected : `expected ${expected}`
  return field === '' ? text : `${field}: ${text}`
}

function describe({ file, line, column, text }: FileProblem): string {
  return `${[file, line, column].filter((part) => part !== undefined).join(':')}: ${text}`
}
