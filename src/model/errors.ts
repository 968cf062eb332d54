/**
 * Expected failures. Each message is one line: what is wrong, where, what to do.
 * Anything else that is thrown is a bug.
 */

/** The command line or an argument is wrong: exit 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** A rule or configuration file is wrong: exit 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  /** What else is wrong: a line each. */
  readonly others: readonly string[]

  constructor(
    message: string,
    options: ErrorOptions & { readonly others?: readonly string[] } = {},
  ) {
    super(message, options)
    this.others = options.others ?? []
  }
}

/** The target could not be scanned: exit 3. */
export class ScanError extends Error {
  override readonly name = 'ScanError'
}

export type ExpectedError = UsageError | ConfigError | ScanError

/** Is this a failure we foresaw, whose message is meant for the user? */
export function isExpected(error: unknown): error is ExpectedError {
  return error instanceof UsageError || error instanceof ConfigError || error instanceof ScanError
}
