/** Assigns ids to imported rules: their own names where those are valid and free. */
export class RuleIds {
  readonly #prefix: string
  readonly #taken: Set<string>
  readonly #ids = new Map<string, string>()

  /** `prefix` is the tool's name; `taken` are the ids, families and providers of built-in rules. */
  constructor(prefix: string, taken: Iterable<string>) {
    this.#prefix = prefix
    this.#taken = new Set([...taken, prefix])
  }

  /** Returns a new id: `AWS_Key 2` becomes `aws-key-2`, and a taken id gets the tool's prefix. */
  add(name: string): string {
    const slug = name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')
      .slice(0, 80)
      .replace(/-$/, '')
    const baseId = /^[a-z]/.test(slug) ? slug : `${this.#prefix}-${slug || 'rule'}`
    let id = this.#taken.has(baseId) ? `${this.#prefix}-${baseId}` : baseId
    for (let count = 2; this.#taken.has(id); count += 1) id = `${this.#prefix}-${baseId}-${count}`
    this.#taken.add(id)
    if (!this.#ids.has(name)) this.#ids.set(name, id)
    return id
  }

  /** Returns the id that the first rule of this name got. */
  idOf(name: string): string | undefined {
    return this.#ids.get(name)
  }
}
