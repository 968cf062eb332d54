import { suggestion } from '../model/suggestion.ts'

/** Says that a field is not what was expected. */
export type Report = (field: string, expected: string) => void

/** Is this a mapping: an object that is neither null nor a list? */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Reads the fields of one mapping. Whatever is not as expected is reported,
 * and something harmless returned in its place, so that one reading finds all problems.
 */
export class Fields {
  readonly #values: Readonly<Record<string, unknown>>
  readonly #report: Report

  constructor(values: Readonly<Record<string, unknown>>, known: readonly string[], report: Report) {
    this.#values = values
    this.#report = report
    for (const name of Object.keys(values)) {
      if (!known.includes(name))
        report(name, `no such field${suggestion(name, known) || `; known are ${known.join(', ')}`}`)
    }
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined
  }

  value(name: string): unknown {
    return this.#values[name]
  }

  /** A text that `accepts` takes. */
  text(name: string, expected: string, accepts: RegExp): string {
    const value = this.#values[name]
    if (typeof value === 'string' && accepts.test(value)) return value
    this.#report(name, expected)
    return ''
  }

  choice<T extends string>(name: string, choices: readonly [T, ...T[]], otherwise?: T): T {
    const value = this.#values[name]
    if (value === undefined && otherwise !== undefined) return otherwise
    const chosen = choices.find((choice) => choice === value)
    if (chosen === undefined) this.#report(name, `one of ${choices.join(', ')}`)
    return chosen ?? choices[0]
  }

  flag(name: string): boolean {
    const value = this.#values[name]
    if (value !== undefined && typeof value !== 'boolean') this.#report(name, 'true or false')
    return value === true
  }

  number(
    name: string,
    range: { readonly min: number; readonly max: number; readonly otherwise: number },
  ): number {
    const value = this.#values[name]
    if (value === undefined) return range.otherwise
    if (typeof value === 'number' && value >= range.min && value <= range.max) return value
    this.#report(name, `a number from ${range.min} to ${range.max}`)
    return range.otherwise
  }

  /** A list of at least `least` items, each read by `read` under the field name `name[i]`. */
  list<T>(name: string, least: number, read: (value: unknown, field: string) => T): readonly T[] {
    const value: unknown = this.#values[name]
    if (!Array.isArray(value)) {
      this.#report(name, `a list of at least ${least}`)
      return []
    }
    if (value.length < least) this.#report(name, `at least ${least} of them`)
    return value.map((item: unknown, index) => read(item, `${name}[${index}]`))
  }
}
