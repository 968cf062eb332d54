/**
 * Errors that are expected. Each message is one line: what is wrong, where, and what to do. Any
 * other error is a bug.
 */

/** A command line or an argument is wrong: exit 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** A rule or configuration file is wrong: exit 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  /** Further problems, one line each. */
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

/** True for an expected error, whose message is meant for the user. */
export function isExpected(error: unknown): error is ExpectedError {
  return error instanceof UsageError || error instanceof ConfigError || error instanceof ScanError
}
