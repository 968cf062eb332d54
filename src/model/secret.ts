import { inspect } from 'node:util'

const REDACTED = '[redacted]'

/**
 * Text that redacts itself in templates, JSON, `util.inspect`, `%o` and errors.
 * Only `reveal()` gives it, and a test lists who may call that.
 */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** The text itself. Never log, cache or pass on what this returns. */
  reveal(): string {
    return this.#text
  }

  toString(): string {
    return REDACTED
  }

  toJSON(): string {
    return REDACTED
  }

  [inspect.custom](): string {
    return REDACTED
  }
}
