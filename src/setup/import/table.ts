import { ConfigError } from '../../model/errors.ts'

/** Where a table stands, for messages: the file and the names that lead there. */
interface TableLocation {
  readonly file: string
  readonly place: string
}

/**
 * Reads the fields of a mapping by name, whatever the case of its letters, as gitleaks does. What
 * is not of the expected type is a ConfigError that names file and field.
 */
export class Table {
  readonly #where: TableLocation
  readonly #values: ReadonlyMap<string, unknown>
  /** Names of its fields, as they are written. */
  readonly names: readonly string[]
  readonly #asked = new Set<string>()

  constructor(value: unknown, where: TableLocation) {
    this.#where = where
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw problem(where, 'a table')
    this.names = Object.keys(value)
    this.#values = new Map(
      Object.entries(value).map(([name, field]) => [name.toLowerCase(), field]),
    )
  }

  has(name: string): boolean {
    return this.#value(name) !== undefined
  }

  text(name: string): string {
    const value = this.#value(name) ?? ''
    if (typeof value === 'string') return value
    if (typeof value === 'number' || typeof value === 'boolean') return String(value)
    throw problem(this.#at(name), 'a text')
  }

  flag(name: string): boolean {
    const value = this.#value(name) ?? false
    if (value !== true && value !== false) throw problem(this.#at(name), 'true or false')
    return value
  }

  number(name: string): number {
    const value = this.#value(name) ?? 0
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
    if (typeof number === 'number' && Number.isFinite(number)) return number
    throw problem(this.#at(name), 'a number')
  }

  /** A list of texts; one text alone is a list of it. */
  texts(name: string): readonly string[] {
    const value = this.#value(name) ?? []
    const items: readonly unknown[] = Array.isArray(value) ? value : [value]
    return items.map((item, index) => {
      if (typeof item === 'string') return item
      throw problem(this.#at(`${name}[${index}]`), 'a text')
    })
  }

  /** A list of tables; one table alone is a list of it. */
  tables(name: string): readonly Table[] {
    const value = this.#value(name) ?? []
    const items: readonly unknown[] = Array.isArray(value) ? value : [value]
    return items.map(
      (item, index) => new Table(item, this.#at(Array.isArray(value) ? `${name}[${index}]` : name)),
    )
  }

  /** Names of fields that nobody asked for. */
  get unread(): readonly string[] {
    return [...this.#values.keys()].filter((name) => !this.#asked.has(name))
  }

  #value(name: string): unknown {
    this.#asked.add(name.toLowerCase())
    return this.#values.get(name.toLowerCase())
  }

  #at(name: string): TableLocation {
    return {
      file: this.#where.file,
      place: [this.#where.place, name].filter((part) => part !== '').join('.'),
    }
  }
}

function problem({ file, place }: TableLocation, expected: string): ConfigError {
  return new ConfigError(`${file}: ${place === '' ? '' : `${place}: `}expected ${expected}`)
}
