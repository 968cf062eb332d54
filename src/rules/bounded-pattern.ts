import { ConfigError } from '../model/errors.ts'
import { TimeLimitError, withinTime } from './time-limit.ts'

/** On any one text. An ordinary pattern needs microseconds. */
const maxMs = 3000

/**
 * A pattern that was not written here: looked at before, and stopped all the same where it takes
 * too long after all. Ends the scan then, since what it would have found is not known.
 */
export class BoundedPattern extends RegExp {
  /** Which pattern it is, for people: `acme-token (.oakum/acme.yaml:4)`. */
  readonly title: string

  constructor(source: string, flags: string, title: string) {
    super(source, flags)
    this.title = title
  }

  override exec(text: string): RegExpExecArray | null {
    try {
      return withinTime(maxMs, () => super.exec(text))
    } catch (error) {
      if (error instanceof TimeLimitError)
        throw new ConfigError(
          `${this.title}: the pattern takes more than three seconds on a text of ${text.length} characters: make it simpler`,
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
 * A pattern as it travels to another thread, where instances of our own classes arrive as plain
 * ones.
 */
export interface Travelling {
  readonly pattern: RegExp
  /** Absent for patterns that need no watching. */
  readonly title: string | undefined
}

/** Takes a pattern apart for the way. */
export function packed(pattern: RegExp): Travelling {
  return { pattern, title: pattern instanceof BoundedPattern ? pattern.title : undefined }
}

/** Puts it together again. */
export function unpacked({ pattern, title }: Travelling): RegExp {
  return title === undefined ? pattern : new BoundedPattern(pattern.source, pattern.flags, title)
}
