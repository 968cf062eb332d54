/** Reads a value of JSON that others wrote, or throws a Flaw: what was expected, and where. */
export type Decode<T> = (value: unknown, at: string) => T

/** A report that is not one. The message is one line and quotes nothing of the report. */
export class ReportFormatError extends Error {
  constructor(at: string, expected: string) {
    super(`${at}: expected ${expected}`)
  }
}

const MAX_CHARACTERS = 1 << 20
const MAX_ITEMS = 10_000_000

/** A mapping with these fields and no others; those that may be absent are read as undefined. */
export class StrictObject {
  readonly #values: Readonly<Record<string, unknown>>
  readonly #at: string

  constructor(value: unknown, at: string, known: readonly string[]) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new ReportFormatError(at || 'the report', 'an object')
    this.#values = { ...value }
    this.#at = at
    if (Object.keys(this.#values).some((name) => !known.includes(name)))
      throw new ReportFormatError(at || 'the report', `no fields but ${known.join(', ')}`)
  }

  read<T>(name: string, read: Decode<T>): T {
    return read(
      Object.hasOwn(this.#values, name) ? this.#values[name] : undefined,
      this.#at === '' ? name : `${this.#at}.${name}`,
    )
  }

  /** As a part of an object: nothing where the field is absent. */
  optional<Name extends string, T>(name: Name, read: Decode<T>): { readonly [name in Name]?: T } {
    if (!Object.hasOwn(this.#values, name)) return {}
    const fields: { [name in Name]?: T } = {}
    fields[name] = this.read(name, read)
    return fields
  }
}

export const string: Decode<string> = (value, at) => {
  if (typeof value !== 'string' || value.length > MAX_CHARACTERS)
    throw new ReportFormatError(at, 'a text')
  return value
}

/** A text of this form. */
export function stringMatching(form: RegExp, expected: string): Decode<string> {
  return (value, at) => {
    if (typeof value !== 'string' || !form.test(value)) throw new ReportFormatError(at, expected)
    return value
  }
}

export const boolean: Decode<boolean> = (value, at) => {
  if (typeof value !== 'boolean') throw new ReportFormatError(at, 'true or false')
  return value
}

/** A whole number. */
export function integer(least: number, most = Number.MAX_SAFE_INTEGER): Decode<number> {
  return (value, at) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least || value > most)
      throw new ReportFormatError(at, `a whole number of at least ${least}`)
    return value
  }
}

export function oneOf<T extends string>(choices: readonly T[]): Decode<T> {
  return (value, at) => {
    const chosen = choices.find((choice) => choice === value)
    if (chosen === undefined) throw new ReportFormatError(at, `one of ${choices.join(', ')}`)
    return chosen
  }
}

export function nullable<T>(read: Decode<T>): Decode<T | null> {
  return (value, at) => (value === null ? null : read(value, at))
}

export function listOf<T>(read: Decode<T>): Decode<readonly T[]> {
  return (value, at) => {
    if (!Array.isArray(value) || value.length > MAX_ITEMS) throw new ReportFormatError(at, 'a list')
    return value.map((item: unknown, index) => read(item, `${at}[${index}]`))
  }
}

/** A list that is not empty. */
export function nonEmptyListOf<T>(read: Decode<T>): Decode<readonly [T, ...T[]]> {
  return (value, at) => {
    const [first, ...rest] = listOf(read)(value, at)
    if (first === undefined) throw new ReportFormatError(at, 'a list that is not empty')
    return [first, ...rest]
  }
}

/** Names and what they stand for, in their order. */
export function mappingOf<T>(read: Decode<T>): Decode<Readonly<Record<string, T>>> {
  return (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new ReportFormatError(at, 'an object')
    return Object.fromEntries(
      Object.entries(value).map(([name, item]: readonly [string, unknown]) => [
        name,
        read(item, `${at}.…`),
      ]),
    )
  }
}
