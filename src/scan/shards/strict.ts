import { isJsonObject } from '../../model/json.ts'

/** Reads a value of JSON that others wrote, or throws a Flaw: what was expected, and where. */
export type Read<T> = (value: unknown, at: string) => T

/** A report that is not one. The message is one line and quotes nothing of the report. */
export class Flaw extends Error {
  constructor(at: string, expected: string) {
    super(`${at}: expected ${expected}`)
  }
}

const MAX_CHARACTERS = 1 << 20
const MAX_ITEMS = 10_000_000

/** A mapping with these fields and no others; those that may be absent are read as undefined. */
export class Strict {
  readonly #values: Readonly<Record<string, unknown>>
  readonly #at: string

  constructor(value: unknown, at: string, known: readonly string[]) {
    if (!isJsonObject(value)) throw new Flaw(at || 'the report', 'an object')
    this.#values = { ...value }
    this.#at = at
    if (Object.keys(this.#values).some((name) => !known.includes(name)))
      throw new Flaw(at || 'the report', `no fields but ${known.join(', ')}`)
  }

  read<T>(name: string, read: Read<T>): T {
    return read(
      Object.hasOwn(this.#values, name) ? this.#values[name] : undefined,
      this.#at === '' ? name : `${this.#at}.${name}`,
    )
  }

  /** As a part of an object: nothing where the field is absent. */
  maybe<Name extends string, T>(name: Name, read: Read<T>): { readonly [name in Name]?: T } {
    if (!Object.hasOwn(this.#values, name)) return {}
    const fields: { [name in Name]?: T } = {}
    fields[name] = this.read(name, read)
    return fields
  }
}

export const text: Read<string> = (value, at) => {
  if (typeof value !== 'string' || value.length > MAX_CHARACTERS) throw new Flaw(at, 'a text')
  return value
}

/** A text of this form. */
export function textLike(form: RegExp, expected: string): Read<string> {
  return (value, at) => {
    if (typeof value !== 'string' || !form.test(value)) throw new Flaw(at, expected)
    return value
  }
}

export const flag: Read<boolean> = (value, at) => {
  if (typeof value !== 'boolean') throw new Flaw(at, 'true or false')
  return value
}

/** A whole number. */
export function whole(least: number, most = Number.MAX_SAFE_INTEGER): Read<number> {
  return (value, at) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least || value > most)
      throw new Flaw(at, `a whole number of at least ${least}`)
    return value
  }
}

export function oneOf<T extends string>(choices: readonly T[]): Read<T> {
  return (value, at) => {
    const chosen = choices.find((choice) => choice === value)
    if (chosen === undefined) throw new Flaw(at, `one of ${choices.join(', ')}`)
    return chosen
  }
}

export function orNull<T>(read: Read<T>): Read<T | null> {
  return (value, at) => (value === null ? null : read(value, at))
}

export function listOf<T>(read: Read<T>): Read<readonly T[]> {
  return (value, at) => {
    if (!Array.isArray(value) || value.length > MAX_ITEMS) throw new Flaw(at, 'a list')
    return value.map((item: unknown, index) => read(item, `${at}[${index}]`))
  }
}

/** A list that is not empty. */
export function someOf<T>(read: Read<T>): Read<readonly [T, ...T[]]> {
  return (value, at) => {
    const [first, ...rest] = listOf(read)(value, at)
    if (first === undefined) throw new Flaw(at, 'a list that is not empty')
    return [first, ...rest]
  }
}

/** Names and what they stand for, in their order. */
export function mappingOf<T>(read: Read<T>): Read<Readonly<Record<string, T>>> {
  return (value, at) => {
    if (!isJsonObject(value)) throw new Flaw(at, 'an object')
    return Object.fromEntries(
      Object.entries(value).map(([name, item]: readonly [string, unknown]) => [
        name,
        read(item, `${at}.…`),
      ]),
    )
  }
}
