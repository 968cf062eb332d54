/** Regular expressions of users, with a time limit. */
import { ConfigError } from '../model/errors.ts'
import { TimeLimitError, withinTime } from './time-limit.ts'

/** Time limit on any one text. An ordinary pattern takes microseconds. */
const MAX_MS = 3000

/**
 * A pattern from a user's own rule. It was checked when it was loaded; if it takes too long all the
 * same, the scan ends with an error, because its matches are unknown.
 */
export class BoundedPattern extends RegExp {
  /** Name of the pattern in messages: `acme-token (.oakum/acme.yaml:4)`. */
  readonly title: string

  constructor(source: string, flags: string, title: string) {
    super(source, flags)
    this.title = title
  }

  override exec(text: string): RegExpExecArray | null {
    try {
      return withinTime(MAX_MS, () => super.exec(text))
    } catch (error) {
      if (error instanceof TimeLimitError)
        throw new ConfigError(
          `${this.title}: the pattern takes more than three seconds ` +
            `on a text of ${text.length} characters: make it simpler`,
        )
      if (error instanceof SyntaxError || error instanceof RangeError)
        throw new ConfigError(
          `${this.title}: the pattern is too large for the engine: make it simpler`,
        )
      throw error
    }
  }
}

/**
 * A pattern as data for another thread, where an instance of a subclass would arrive as a plain
 * RegExp.
 */
export interface TransferablePattern {
  readonly pattern: RegExp
  /** Title of a `BoundedPattern`; absent for a built-in pattern. */
  readonly title: string | undefined
}

/** Converts a pattern to data for another thread. */
export function packPattern(pattern: RegExp): TransferablePattern {
  return { pattern, title: pattern instanceof BoundedPattern ? pattern.title : undefined }
}

/** Restores a pattern from its data. */
export function unpackPattern({ pattern, title }: TransferablePattern): RegExp {
  return title === undefined ? pattern : new BoundedPattern(pattern.source, pattern.flags, title)
}
