/** Names of imported rules: as before where Oakum takes them, and none twice. */
export class RuleIds {
  readonly #prefix: string
  readonly #taken: Set<string>
  readonly #ids = new Map<string, string>()

  /** `taken`: ids, families and providers of Oakum's own. */
  constructor(prefix: string, taken: Iterable<string>) {
    this.#prefix = prefix
    this.#taken = new Set([...taken, prefix])
  }

  /**
   * A new id for a rule: `AWS_Key 2` becomes `aws-key-2`, and what is taken gets the tool before
   * it.
   */
  add(name: string): string {
    const slug = name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')
      .slice(0, 80)
      .replace(/-$/, '')
    const plain = /^[a-z]/.test(slug) ? slug : `${this.#prefix}-${slug || 'rule'}`
    let id = this.#taken.has(plain) ? `${this.#prefix}-${plain}` : plain
    for (let count = 2; this.#taken.has(id); count += 1) id = `${this.#prefix}-${plain}-${count}`
    this.#taken.add(id)
    if (!this.#ids.has(name)) this.#ids.set(name, id)
    return id
  }

  /** The id that a rule of this name got. */
  idOf(name: string): string | undefined {
    return this.#ids.get(name)
  }
}
