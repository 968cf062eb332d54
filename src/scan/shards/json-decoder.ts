/** Decoders for JSON of unknown origin: each checks one value, and rejects what it does not expect. */

/** Checks a value and returns it typed, or throws a ReportFormatError that names its path. */
export type Decode<T> = (value: unknown, path: string) => T

/** A report of the wrong form. The message is one line and quotes nothing of the report. */
export class ReportFormatError extends Error {
  constructor(path: string, expected: string) {
    super(`${path}: expected ${expected}`)
  }
}

const MAX_CHARACTERS = 1 << 20
const MAX_ITEMS = 10_000_000

/** A JSON object with the given fields and no others; an absent field is read as undefined. */
export class StrictObject {
  readonly #values: Readonly<Record<string, unknown>>
  readonly #path: string

  constructor(value: unknown, path: string, fields: readonly string[]) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new ReportFormatError(path || 'the report', 'an object')
    this.#values = { ...value }
    this.#path = path
    if (Object.keys(this.#values).some((name) => !fields.includes(name)))
      throw new ReportFormatError(path || 'the report', `no fields but ${fields.join(', ')}`)
  }

  read<T>(name: string, decode: Decode<T>): T {
    return decode(
      Object.hasOwn(this.#values, name) ? this.#values[name] : undefined,
      this.#path === '' ? name : `${this.#path}.${name}`,
    )
  }

  /** Returns the field in an object to be spread, which is empty when the field is absent. */
  optional<Name extends string, T>(name: Name, decode: Decode<T>): { readonly [name in Name]?: T } {
    if (!Object.hasOwn(this.#values, name)) return {}
    const fields: { [name in Name]?: T } = {}
    fields[name] = this.read(name, decode)
    return fields
  }
}

export const string: Decode<string> = (value, path) => {
  if (typeof value !== 'string' || value.length > MAX_CHARACTERS)
    throw new ReportFormatError(path, 'a text')
  return value
}

/** Returns a decoder of strings that match a pattern. */
export function stringMatching(pattern: RegExp, expected: string): Decode<string> {
  return (value, path) => {
    if (typeof value !== 'string' || !pattern.test(value))
      throw new ReportFormatError(path, expected)
    return value
  }
}

export const boolean: Decode<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw new ReportFormatError(path, 'true or false')
  return value
}

/** Returns a decoder of integers from `min` to `max`. */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER): Decode<number> {
  return (value, path) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max)
      throw new ReportFormatError(path, `a whole number of at least ${min}`)
    return value
  }
}

export function oneOf<T extends string>(choices: readonly T[]): Decode<T> {
  return (value, path) => {
    const choice = choices.find((each) => each === value)
    if (choice === undefined) throw new ReportFormatError(path, `one of ${choices.join(', ')}`)
    return choice
  }
}

export function nullable<T>(decode: Decode<T>): Decode<T | null> {
  return (value, path) => (value === null ? null : decode(value, path))
}

export function listOf<T>(decode: Decode<T>): Decode<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length > MAX_ITEMS)
      throw new ReportFormatError(path, 'a list')
    return value.map((item: unknown, index) => decode(item, `${path}[${index}]`))
  }
}

export function nonEmptyListOf<T>(decode: Decode<T>): Decode<readonly [T, ...T[]]> {
  return (value, path) => {
    const [first, ...rest] = listOf(decode)(value, path)
    if (first === undefined) throw new ReportFormatError(path, 'a list that is not empty')
    return [first, ...rest]
  }
}

/** Returns a decoder of objects with any field names, whose values are all of one type. */
export function mappingOf<T>(decode: Decode<T>): Decode<Readonly<Record<string, T>>> {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new ReportFormatError(path, 'an object')
    // A name comes from the report, so the path of its value does not quote it.
    return Object.fromEntries(
      Object.entries(value).map(([name, item]: readonly [string, unknown]) => [
        name,
        decode(item, `${path}.…`),
      ]),
    )
  }
}
