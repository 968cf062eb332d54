/** Typed access to the fields of parsed JSON, TOML and YAML files of other tools. */
import { ConfigError } from '../../model/errors.ts'

/** The position of a table for messages: its file, and the names of the fields that lead to it. */
interface TableLocation {
  readonly file: string
  readonly fieldPath: string
}

/**
 * Reads the fields of a mapping by name, ignoring case as gitleaks does. A value of an unexpected
 * type throws a ConfigError that names file and field.
 */
export class Table {
  readonly #location: TableLocation
  readonly #values: ReadonlyMap<string, unknown>
  /** Names of the fields as the file spells them. */
  readonly names: readonly string[]
  readonly #readNames = new Set<string>()

  constructor(value: unknown, location: TableLocation) {
    this.#location = location
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw typeError(location, 'a table')
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
    throw typeError(this.#locationOf(name), 'a text')
  }

  flag(name: string): boolean {
    const value = this.#value(name) ?? false
    if (value !== true && value !== false) throw typeError(this.#locationOf(name), 'true or false')
    return value
  }

  number(name: string): number {
    const value = this.#value(name) ?? 0
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
    if (typeof number === 'number' && Number.isFinite(number)) return number
    throw typeError(this.#locationOf(name), 'a number')
  }

  /** Reads a list of texts; a single text counts as a list of one. */
  texts(name: string): readonly string[] {
    const value = this.#value(name) ?? []
    const items: readonly unknown[] = Array.isArray(value) ? value : [value]
    return items.map((item, index) => {
      if (typeof item === 'string') return item
      throw typeError(this.#locationOf(`${name}[${index}]`), 'a text')
    })
  }

  /** Reads a list of tables; a single table counts as a list of one. */
  tables(name: string): readonly Table[] {
    const value = this.#value(name) ?? []
    const items: readonly unknown[] = Array.isArray(value) ? value : [value]
    return items.map((item, index) => {
      const itemName = Array.isArray(value) ? `${name}[${index}]` : name
      return new Table(item, this.#locationOf(itemName))
    })
  }

  /** Names, in lower case, of the fields that no method has read yet. */
  get unread(): readonly string[] {
    return [...this.#values.keys()].filter((name) => !this.#readNames.has(name))
  }

  #value(name: string): unknown {
    this.#readNames.add(name.toLowerCase())
    return this.#values.get(name.toLowerCase())
  }

  #locationOf(name: string): TableLocation {
    const { file, fieldPath } = this.#location
    return { file, fieldPath: fieldPath === '' ? name : `${fieldPath}.${name}` }
  }
}

function typeError({ file, fieldPath }: TableLocation, expected: string): ConfigError {
  const field = fieldPath === '' ? '' : `${fieldPath}: `
  return new ConfigError(`${file}: ${field}expected ${expected}`)
}

/**
 * Parses JSON. The ConfigError for invalid JSON leaves out the message of JSON.parse, which may
 * quote secrets of the file.
 */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ConfigError(`${file} is not JSON`)
  }
}
