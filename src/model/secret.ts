/** A secret value that redacts itself wherever it is printed, inspected or serialized. */
import { inspect } from 'node:util'

const REDACTED = '[redacted]'

/**
 * Text that is redacted in templates, JSON, `util.inspect`, `%o` and errors. Only `reveal()`
 * returns it, and a test lists the files that may call `reveal()`.
 */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** Returns the text. Never log, cache or pass on the result. */
  reveal(): string {
    return this.#text
  }

  toString(): string {
    return REDACTED
  }

  toJSON(): string {
    return REDACTED
  }

  /** @internal Left out of the types, which would need those of Node. */
  [inspect.custom](): string {
    return REDACTED
  }
}
