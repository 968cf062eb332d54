/** Reads the fields of a YAML mapping and reports those that are wrong. */
import { suggestion } from '../model/suggestion.ts'

/** Reports that a field is not what was expected. */
export type ReportProblem = (field: string, expected: string) => void

/** True for a mapping: an object that is neither null nor a list. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Reads the fields of one mapping. A wrong field is reported and a harmless value returned in its
 * place, so that one pass finds all problems.
 */
export class Fields {
  readonly #values: Readonly<Record<string, unknown>>
  readonly #report: ReportProblem

  constructor(
    values: Readonly<Record<string, unknown>>,
    names: readonly string[],
    report: ReportProblem,
  ) {
    this.#values = values
    this.#report = report
    for (const name of Object.keys(values)) {
      if (!names.includes(name))
        report(name, `no such field${suggestion(name, names) || `; known are ${names.join(', ')}`}`)
    }
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined
  }

  value(name: string): unknown {
    return this.#values[name]
  }

  /** Returns a text that matches `accepts`. */
  text(name: string, expected: string, accepts: RegExp): string {
    const value = this.#values[name]
    if (typeof value === 'string' && accepts.test(value)) return value
    this.#report(name, expected)
    return ''
  }

  choice<T extends string>(name: string, choices: readonly [T, ...T[]], otherwise?: T): T {
    const value = this.#values[name]
    if (value === undefined && otherwise !== undefined) return otherwise
    const match = choices.find((choice) => choice === value)
    if (match === undefined) this.#report(name, `one of ${choices.join(', ')}`)
    return match ?? choices[0]
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

  /**
   * Returns a list of at least `minCount` items, each read by `read` under the field name
   * `name[i]`.
   */
  list<T>(
    name: string,
    minCount: number,
    read: (value: unknown, field: string) => T,
  ): readonly T[] {
    const value: unknown = this.#values[name]
    if (!Array.isArray(value)) {
      this.#report(name, `a list of at least ${minCount}`)
      return []
    }
    if (value.length < minCount) this.#report(name, `at least ${minCount} of them`)
    return value.map((item: unknown, index) => read(item, `${name}[${index}]`))
  }
}
