/** Gives names of objects in blocks; shared by several lanes. */
export type Blocks = AsyncIterator<readonly string[]>

/**
 * The names a lane has asked its git for and not got yet. Git after git goes on where the one
 * before ended.
 */
export class PendingIds {
  readonly #blocks: Blocks
  /** Those before `#from` are answered. */
  #ids: string[] = []
  #from = 0
  #next: ReturnType<Blocks['next']> | undefined
  #exhausted = false
  #asker = 0

  constructor(blocks: Blocks) {
    this.#blocks = blocks
  }

  /** Is there more to ask for, or an answer to come? */
  get open(): boolean {
    return !this.#exhausted || this.#from < this.#ids.length
  }

  /** Input for the next git: what is open, then more. */
  async *input(): AsyncGenerator<string> {
    const asker = ++this.#asker
    this.#forget()
    if (this.#ids.length > 0) yield asInput(this.#ids)
    while (asker === this.#asker) {
      this.#next ??= this.#blocks.next()
      const step = await this.#next
      // Git has ended meanwhile, and nobody reads on here: the block is for its successor, who
      // waits for the same.
      if (asker !== this.#asker) return
      this.#next = undefined
      if (step.done) this.#exhausted = true
      if (step.done) return
      this.#forget()
      for (const id of step.value) this.#ids.push(id)
      yield asInput(step.value)
    }
  }

  /** The first `count` names were answered. */
  answered(count: number): void {
    this.#from += count
  }

  /** Takes the first name that was not answered off the list. */
  drop(): string | undefined {
    const id = this.#ids[this.#from]
    if (id !== undefined) this.#from += 1
    return id
  }

  #forget(): void {
    this.#ids = this.#ids.slice(this.#from)
    this.#from = 0
  }
}

function asInput(ids: readonly string[]): string {
  return `${ids.join('\n')}\n`
}
